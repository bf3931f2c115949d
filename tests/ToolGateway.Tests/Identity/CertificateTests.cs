using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;
using ToolGateway.Enforcement;
using ToolGateway.Identity.Certificates;

namespace ToolGateway.Tests.Identity;

public sealed class CertificateTests : IDisposable
{
    private readonly IdentityKit _kit = new();

    public static TheoryData<string, string> BadShapes => new()
    {
        { "two URI names", "exactly one URI" },
        { "no URI name", "exactly one URI" },
        { "no path", "exactly one URI" },
        { "empty path", "exactly one URI" },
        { "upper-case domain", "exactly one URI" },
        { "upper-case scheme", "exactly one URI" },
        { "dot segment", "exactly one URI" },
        { "query", "exactly one URI" },
        { "https name", "exactly one URI" },
        { "unknown domain", "trust domain is not known" },
        { "authority", "authority's" },
        { "no key usage", "digitalSignature" },
        { "key usage not critical", "digitalSignature" },
        { "key usage without digitalSignature", "digitalSignature" },
        { "may sign certificates", "sign certificates" },
        { "may sign revocation lists", "sign certificates" },
        { "server only", "clientAuth" },
        { "expired", "expired" },
        { "not yet valid", "not valid yet" },
        { "too long a life", "lifetime" },
        { "other domain's name", "bundle of its trust domain" },
    };

    private static CertificateShape Intermediate => new()
    {
        Subject = "CN=intermediate",
        Uris = [],
        IsAuthority = true,
        KeyUsage = X509KeyUsageFlags.KeyCertSign,
        ExtendedKeyUsage = null,
        End = TimeSpan.FromMinutes(30),
    };

    public void Dispose() => _kit.Dispose();

    [Fact]
    public async Task Identify_GoodSvid_GivesItsIdAndAgent()
    {
        using var svid = _kit.Svid();

        var caller = await _kit.AcceptAsync(certificate: svid);

        Assert.Equal(("agent", IdentityKit.SupportId, "mtls", "support"), (caller.Type, caller.Id, caller.Authentication, caller.Agent!.Name));
        Assert.Equal(Base64UrlEncoder.Encode(SHA256.HashData(svid.RawData)), caller.Credential.CertificateSha256);
        Assert.Equal(svid.NotAfter.ToUniversalTime(), caller.Credential.Expires.UtcDateTime);
        Assert.Null(caller.Issuer);
    }

    [Fact]
    public async Task Identify_ForgedStandardShape_IsGood()
    {
        // The theory below changes one property of this certificate at a time.
        using var certificate = _kit.Forged(new CertificateShape());
        await _kit.AcceptAsync(certificate: certificate);
        using var plain = _kit.Forged(new CertificateShape { ExtendedKeyUsage = null, IsAuthority = null });
        await _kit.AcceptAsync(certificate: plain);
    }

    [Theory]
    [MemberData(nameof(BadShapes))]
    public async Task Identify_BadShape_IsRefused(string what, string detail)
    {
        using var certificate = _kit.Forged(Shape(what));

        var refusal = await _kit.RefuseAsync(ReasonCodes.CertificateInvalid, certificate: certificate);

        Assert.Contains(detail, refusal.Detail, StringComparison.Ordinal);
        Assert.Equal(("mtls", null), (refusal.Method, refusal.ChallengeError));
    }

    [Fact]
    public async Task Identify_SameExtensionTwice_IsRefused()
    {
        using var good = _kit.Forged(new CertificateShape());
        using var secondName = Forge.WithLastExtensionTwice(good, _kit.Authority.Authority);
        Assert.Contains("exactly one URI", (await _kit.RefuseAsync(ReasonCodes.CertificateInvalid, certificate: secondName)).Detail, StringComparison.Ordinal);

        using var unnamed = _kit.Forged(new CertificateShape { NamesComeLast = false });
        using var secondUse = Forge.WithLastExtensionTwice(unnamed, _kit.Authority.Authority);
        Assert.Contains("twice", (await _kit.RefuseAsync(ReasonCodes.CertificateInvalid, certificate: secondUse)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Identify_BadCertificateBesideGoodToken_IsRefused()
    {
        using var certificate = _kit.Forged(Shape("expired"));

        await _kit.RefuseAsync(ReasonCodes.CertificateInvalid, _kit.Token(), certificate);
    }

    [Fact]
    public async Task Identify_SignedByItself_IsRefused()
    {
        using var certificate = Forge.Certificate(null, _kit.Clock.GetUtcNow(), new CertificateShape());

        await _kit.RefuseAsync(ReasonCodes.CertificateInvalid, certificate: certificate);
    }

    [Fact]
    public async Task Identify_AuthorityWithTheSameName_IsRefused()
    {
        using var impostor = ToolGateway.Host.Dev.DevCertificates.Create("acme.test", _kit.Clock);
        using var certificate = impostor.IssueSvid(IdentityKit.SupportId);

        await _kit.RefuseAsync(ReasonCodes.CertificateInvalid, certificate: certificate);
    }

    [Fact]
    public async Task Identify_OtherDomainsAuthority_SpeaksForItsOwnDomainOnly()
    {
        using var own = _kit.OtherAuthority.IssueSvid("spiffe://other.test/agent/x");
        using var foreign = _kit.OtherAuthority.IssueSvid(IdentityKit.SupportId);

        Assert.Equal("spiffe://other.test/agent/x", (await _kit.AcceptAsync(certificate: own)).Id);
        await _kit.RefuseAsync(ReasonCodes.CertificateInvalid, certificate: foreign);
    }

    [Fact]
    public async Task Identify_Intermediate_IsTakenFromTheHandshakeAndBoundsTheResult()
    {
        using var intermediate = _kit.Forged(Intermediate);
        using var certificate = Forge.Certificate(intermediate, _kit.Clock.GetUtcNow(), new CertificateShape());

        var result = await _kit.IdentifyAsync(IdentityKit.Context(certificate: certificate, sent: [intermediate]));

        Assert.Equal(intermediate.NotAfter.ToUniversalTime(), result.Caller!.Credential.Expires.UtcDateTime);
        await _kit.RefuseAsync(ReasonCodes.CertificateInvalid, certificate: certificate);
    }

    [Fact]
    public async Task Identify_IntermediateForServersOnly_IsRefused()
    {
        using var intermediate = _kit.Forged(Intermediate with { ExtendedKeyUsage = ["1.3.6.1.5.5.7.3.1"] });
        using var certificate = Forge.Certificate(intermediate, _kit.Clock.GetUtcNow(), new CertificateShape { ExtendedKeyUsage = null });

        var result = await _kit.IdentifyAsync(IdentityKit.Context(certificate: certificate, sent: [intermediate]));

        Assert.Equal(ReasonCodes.CertificateInvalid, result.Refusal!.Reason);
    }

    [Fact]
    public async Task Identify_HeapOfIntermediates_IsRefused()
    {
        using var svid = _kit.Svid();
        using var intermediate = _kit.Forged(Intermediate);

        Assert.NotNull((await _kit.IdentifyAsync(IdentityKit.Context(certificate: svid, sent: [.. Enumerable.Repeat(intermediate, 8)]))).Caller);
        Assert.NotNull((await _kit.IdentifyAsync(IdentityKit.Context(certificate: svid, sent: [.. Enumerable.Repeat(intermediate, 9)]))).Refusal);
    }

    [Fact]
    public async Task Identify_BytesThatAreNoCertificate_AreRefused()
    {
        var context = IdentityKit.Context();
        context.Features.Set(new ClientCertificate([0x30, 0x03, 0x02, 0x01, 0x00], []));
        Assert.Equal(ReasonCodes.CertificateInvalid, (await _kit.IdentifyAsync(context)).Refusal!.Reason);
    }

    [Fact]
    public async Task Identify_CertificateThatBecomesValid_IsAcceptedOnTheSameConnection()
    {
        using var certificate = _kit.Forged(new CertificateShape { Start = TimeSpan.FromSeconds(10) });
        var context = IdentityKit.Context(certificate: certificate);
        Assert.NotNull((await _kit.IdentifyAsync(context)).Refusal);

        _kit.Clock.Advance(TimeSpan.FromSeconds(11));

        Assert.NotNull((await _kit.IdentifyAsync(context)).Caller);
    }

    [Fact]
    public async Task Identify_ClockThatGoesBack_LooksAtTheSameConnectionAgain()
    {
        using var svid = _kit.Svid();
        var context = IdentityKit.Context(certificate: svid);
        Assert.NotNull((await _kit.IdentifyAsync(context)).Caller);
        _kit.Clock.Advance(TimeSpan.FromDays(2));
        Assert.NotNull((await _kit.IdentifyAsync(context)).Refusal);

        _kit.Clock.Advance(TimeSpan.FromDays(-2));

        Assert.NotNull((await _kit.IdentifyAsync(context)).Caller);
        _kit.Clock.Advance(TimeSpan.FromHours(-1));
        Assert.NotNull((await _kit.IdentifyAsync(context)).Refusal);
    }

    [Fact]
    public async Task Identify_LeafActingAsAuthority_IsRefused()
    {
        using var leaf = _kit.Svid();
        using var certificate = Forge.Certificate(leaf, _kit.Clock.GetUtcNow(), new CertificateShape());

        var result = await _kit.IdentifyAsync(IdentityKit.Context(certificate: certificate, sent: [leaf]));

        Assert.Equal(ReasonCodes.CertificateInvalid, result.Refusal!.Reason);
    }

    [Fact]
    public async Task Identify_SameConnection_KeepsTheResultUntilTheEarliestEnd()
    {
        using var svid = _kit.Authority.IssueSvid(IdentityKit.SupportId, TimeSpan.FromHours(1));
        var context = IdentityKit.Context(certificate: svid);
        var first = await _kit.IdentifyAsync(context);

        Assert.Same(first.Caller, (await _kit.IdentifyAsync(context)).Caller);
        _kit.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(ReasonCodes.CertificateInvalid, (await _kit.IdentifyAsync(context)).Refusal!.Reason);
    }

    [Fact]
    public async Task Identify_SameConnectionAfterRevocation_IsRefused()
    {
        using var svid = _kit.Svid();
        var context = IdentityKit.Context(certificate: svid);
        Assert.NotNull((await _kit.IdentifyAsync(context)).Caller);

        _kit.Write("acme.json", """{ "spiffe_sequence": 2, "keys": [] }""");
        _kit.Reload();

        Assert.Equal(ReasonCodes.CertificateInvalid, (await _kit.IdentifyAsync(context)).Refusal!.Reason);
    }

    [Fact]
    public async Task Identify_SameConnectionAfterAnotherChange_KeepsTheVerificationAndSeesTheAgents()
    {
        using var svid = _kit.Svid();
        var context = IdentityKit.Context(certificate: svid);
        Assert.Equal("team", (await _kit.IdentifyAsync(context)).Caller!.Agent!.Owner);

        _kit.Options.Agents["support"].Owner = "others";
        _kit.Reload();

        Assert.Equal("others", (await _kit.IdentifyAsync(context)).Caller!.Agent!.Owner);
    }

    [Fact]
    public async Task Identify_NextConnectionOfAWorkload_KeepsTheVerification()
    {
        using var svid = _kit.Svid();
        using var other = _kit.Svid();
        var caller = await _kit.AcceptAsync(certificate: svid);

        Assert.Same(caller, await _kit.AcceptAsync(certificate: svid));
        Assert.NotSame(caller, await _kit.AcceptAsync(certificate: other));
        Assert.Equal(2, _kit.Snapshot.Trust.Certificates.Count);
    }

    [Fact]
    public async Task Identify_NextConnectionAfterTheEnd_IsRefused()
    {
        using var svid = _kit.Authority.IssueSvid(IdentityKit.SupportId, TimeSpan.FromHours(1));
        await _kit.AcceptAsync(certificate: svid);

        _kit.Clock.Advance(TimeSpan.FromHours(1));

        await _kit.RefuseAsync(ReasonCodes.CertificateInvalid, certificate: svid);
    }

    [Fact]
    public async Task Identify_NextConnectionWithAClockThatWentBack_IsRefused()
    {
        using var svid = _kit.Svid();
        await _kit.AcceptAsync(certificate: svid);

        _kit.Clock.Advance(TimeSpan.FromHours(-1));

        await _kit.RefuseAsync(ReasonCodes.CertificateInvalid, certificate: svid);
    }

    [Fact]
    public async Task Identify_NextConnectionAfterRevocation_IsRefused()
    {
        using var svid = _kit.Svid();
        await _kit.AcceptAsync(certificate: svid);

        _kit.Write("acme.json", """{ "spiffe_sequence": 2, "keys": [] }""");
        _kit.Reload();

        await _kit.RefuseAsync(ReasonCodes.CertificateInvalid, certificate: svid);
    }

    [Fact]
    public async Task Identify_RefusedCertificates_AreNotRemembered()
    {
        using var certificate = _kit.Forged(Shape("not yet valid"));
        await _kit.RefuseAsync(ReasonCodes.CertificateInvalid, certificate: certificate);

        Assert.Equal(0, _kit.Snapshot.Trust.Certificates.Count);
        _kit.Clock.Advance(TimeSpan.FromMinutes(6));
        await _kit.AcceptAsync(certificate: certificate);
    }

    [Fact]
    public void Add_FloodOfCertificates_StaysBounded()
    {
        var remembered = new RememberedCertificates();
        var verdict = new CertificateVerdict(null, null, new object(), DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        for (var i = 0; i < 12_000; i++)
            remembered.Add(RememberedCertificates.KeyOf(BitConverter.GetBytes(i), []), verdict);

        Assert.InRange(remembered.Count, 1, 10_000);
        Assert.Same(verdict, remembered.Find(RememberedCertificates.KeyOf(BitConverter.GetBytes(11_999), []), DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Find_SameBytesDividedOtherwise_AreOtherCertificates()
    {
        var remembered = new RememberedCertificates();
        remembered.Add(RememberedCertificates.KeyOf([1, 2], [[3]]), new CertificateVerdict(null, null, new object(), DateTimeOffset.MinValue, DateTimeOffset.MaxValue));

        Assert.NotNull(remembered.Find(RememberedCertificates.KeyOf([1, 2], [[3]]), DateTimeOffset.UnixEpoch));
        Assert.Null(remembered.Find(RememberedCertificates.KeyOf([1], [[2, 3]]), DateTimeOffset.UnixEpoch));
        Assert.Null(remembered.Find(RememberedCertificates.KeyOf([1, 2, 3], []), DateTimeOffset.UnixEpoch));
    }

    private static CertificateShape Shape(string what) => what switch
    {
        "two URI names" => new() { Uris = [IdentityKit.SupportId, "spiffe://acme.test/agent/other"] },
        "no URI name" => new() { Uris = [] },
        "no path" => new() { Uris = ["spiffe://acme.test"] },
        "empty path" => new() { Uris = ["spiffe://acme.test/"] },
        "upper-case domain" => new() { Uris = ["spiffe://ACME.test/agent/support"] },
        "upper-case scheme" => new() { Uris = ["SPIFFE://acme.test/agent/support"] },
        "dot segment" => new() { Uris = ["spiffe://acme.test/x/../agent/support"] },
        "query" => new() { Uris = ["spiffe://acme.test/agent/support?x"] },
        "https name" => new() { Uris = ["https://acme.test/agent/support"] },
        "unknown domain" => new() { Uris = ["spiffe://acme.test.evil/agent/support"] },
        "authority" => new() { IsAuthority = true },
        "no key usage" => new() { KeyUsage = null },
        "key usage not critical" => new() { KeyUsageIsCritical = false },
        "key usage without digitalSignature" => new() { KeyUsage = X509KeyUsageFlags.NonRepudiation },
        "may sign certificates" => new() { KeyUsage = Forge.DigitalSignature | X509KeyUsageFlags.KeyCertSign },
        "may sign revocation lists" => new() { KeyUsage = Forge.DigitalSignature | X509KeyUsageFlags.CrlSign },
        "server only" => new() { ExtendedKeyUsage = ["1.3.6.1.5.5.7.3.1"] },
        "expired" => new() { Start = TimeSpan.FromHours(-2), End = TimeSpan.FromMinutes(-1) },
        "not yet valid" => new() { Start = TimeSpan.FromMinutes(5) },
        "too long a life" => new() { End = TimeSpan.FromDays(2) },
        "other domain's name" => new() { Uris = ["spiffe://other.test/agent/support"] },
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
    };
}
