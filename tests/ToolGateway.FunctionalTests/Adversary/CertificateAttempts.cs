using System.Security.Cryptography.X509Certificates;
using ToolGateway.Enforcement;
using ToolGateway.Host.Dev;
using ToolGateway.Testing;
using ToolGateway.Tests.Identity;

namespace ToolGateway.FunctionalTests.Adversary;

/// <summary>Certificates that must not name anybody, and good ones beside a token that does not belong to them.</summary>
internal static class CertificateAttempts
{
    private const string Support = "spiffe://acme.test/agent/support";

    public static IEnumerable<Attempt> All { get; } = [.. Names(), .. Shapes(), .. Chains(), .. WithTokens()];

    private static IEnumerable<Attempt> Names()
    {
        (string Name, string[] Uris)[] names =
        [
            ("no name", []), ("two names", [Support, "spiffe://acme.test/agent/reporting"]), ("the same name twice", [Support, Support]), ("a name and an address", [Support, "https://acme.test"]),
            ("another trust domain", ["spiffe://evil.test/agent/support"]), ("a domain below", ["spiffe://sub.acme.test/agent/support"]), ("a domain that ends alike", ["spiffe://notacme.test/agent/support"]),
            ("the domain itself", ["spiffe://acme.test"]), ("the root path", ["spiffe://acme.test/"]), ("a slash at the end", [Support + "/"]), ("an empty segment", ["spiffe://acme.test//agent/support"]),
            ("dots", ["spiffe://acme.test/agent/x/../support"]), ("an encoded character", ["spiffe://acme.test/agent/%73upport"]), ("a domain in upper case", ["spiffe://ACME.test/agent/support"]),
            ("a scheme in upper case", ["SPIFFE://acme.test/agent/support"]), ("a port", ["spiffe://acme.test:443/agent/support"]), ("a user", ["spiffe://x@acme.test/agent/support"]), ("a query", [Support + "?x"]),
            ("a fragment", [Support + "#x"]), ("another scheme", ["https://acme.test/agent/support"]), ("a space", [Support + " "]),
        ];
        return names.Select(name => Certificate($"names: {name.Name}", new CertificateShape { Uris = name.Uris }));
    }

    private static IEnumerable<Attempt> Shapes() =>
    [
        Certificate("an authority as a leaf", new CertificateShape { IsAuthority = true }),
        Certificate("no key usage", new CertificateShape { KeyUsage = null }),
        Certificate("key usage to sign certificates", new CertificateShape { KeyUsage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign }),
        Certificate("key usage to sign revocations", new CertificateShape { KeyUsage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.CrlSign }),
        Certificate("key usage without signatures", new CertificateShape { KeyUsage = X509KeyUsageFlags.KeyEncipherment }),
        Certificate("extended key usage of code", new CertificateShape { ExtendedKeyUsage = ["1.3.6.1.5.5.7.3.3"] }),
        Certificate("extended key usage of mail", new CertificateShape { ExtendedKeyUsage = ["1.3.6.1.5.5.7.3.4"] }),
        Certificate("extended key usage of servers only", new CertificateShape { ExtendedKeyUsage = ["1.3.6.1.5.5.7.3.1"] }),
        Certificate("expired", new CertificateShape { Start = TimeSpan.FromMinutes(-4), End = TimeSpan.FromSeconds(-1) }),
        Certificate("not yet valid", new CertificateShape { Start = TimeSpan.FromMinutes(5) }),
        Certificate("too long a life", new CertificateShape { End = TimeSpan.FromDays(20) }),
    ];

    private static IEnumerable<Attempt> Chains() =>
    [
        Presented("signed by itself", _ => Forge.Certificate(null, Now, new CertificateShape())),
        Presented("another authority of the same name", _ =>
        {
            using var evil = DevCertificates.Create(GatewayFixture.TrustDomain);
            return Forge.Certificate(evil.Authority, Now, new CertificateShape());
        }),
        Presented("signed by another agent's certificate", gateway =>
        {
            using var leaf = gateway.AgentCertificate("reporting");
            return Forge.Certificate(leaf, Now, new CertificateShape { End = TimeSpan.FromMinutes(10) });
        }),
        Presented("the authority itself", gateway => X509CertificateLoader.LoadPkcs12(gateway.Certificates.Authority.Export(X509ContentType.Pkcs12), null)),
        Presented("the gateway's own kind", gateway => gateway.Certificates.IssueServer(["localhost"])),
    ];

    private static IEnumerable<Attempt> WithTokens() =>
    [
        With("a token of another agent", gateway => gateway.Token("reporting"), ReasonCodes.IdentityMismatch),
        With("a token of an unknown agent", gateway => gateway.Token("stranger"), ReasonCodes.IdentityMismatch),
        With("a token bound to another certificate", gateway =>
        {
            using var other = gateway.AgentCertificate("support");
            return gateway.Token(change: honest => honest with { BoundTo = other });
        }, ReasonCodes.TokenUnbound),
        With("a token that has expired", gateway => gateway.Token(change: honest => honest with { Lifetime = TimeSpan.FromSeconds(-5) }), ReasonCodes.TokenExpired),
        With("no token at all", _ => "x", ReasonCodes.TokenInvalid),
        new("certificate of an unknown agent", 403, "agent_unregistered", async attacker =>
        {
            using var certificate = attacker.Gateway.AgentCertificate("stranger");
            return await attacker.SendAsync($"GET {Attacker.Customer} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", certificate);
        }),
    ];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static Attempt Certificate(string name, CertificateShape shape) => Presented(name, gateway => Forge.Certificate(gateway.Certificates.Authority, Now, shape));

    /// <summary>Beside a good token, which must not help.</summary>
    private static Attempt Presented(string name, Func<GatewayFixture, X509Certificate2> make) => new($"certificate: {name}", 401, ReasonCodes.CertificateInvalid, async attacker =>
    {
        using var certificate = make(attacker.Gateway);
        return await attacker.SendTokenAsync(attacker.Token, certificate);
    });

    private static Attempt With(string name, Func<GatewayFixture, string> token, string reason) => new($"certificate with {name}", 401, reason, async attacker =>
    {
        using var certificate = attacker.Gateway.AgentCertificate("support");
        return await attacker.SendTokenAsync(token(attacker.Gateway), certificate);
    });
}
