using System.Buffers.Text;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace ToolGateway.Tests.Identity;

/// <summary>Certificates and tokens that no honest authority would issue.</summary>
internal static class Forge
{
    public const X509KeyUsageFlags DigitalSignature = X509KeyUsageFlags.DigitalSignature;

    /// <summary>A certificate under <paramref name="issuer"/> (null: signed by itself) with exactly these properties.</summary>
    public static X509Certificate2 Certificate(X509Certificate2? issuer, DateTimeOffset now, CertificateShape shape)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(shape.Subject, key, HashAlgorithmName.SHA256);
        foreach (var extension in shape.Extensions())
            request.CertificateExtensions.Add(extension);
        var (start, end) = (now + shape.Start, now + shape.End);
        if (issuer is null)
            return request.CreateSelfSigned(start, end);
        using var signing = issuer.GetECDsaPrivateKey()!;
        var serial = RandomNumberGenerator.GetBytes(8);
        serial[0] &= 0x7f;
        using var certificate = request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(signing), start, end, serial);
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>The same certificate with its last extension twice, signed again by <paramref name="issuer"/>.</summary>
    public static X509Certificate2 WithLastExtensionTwice(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        var outer = new AsnReader(certificate.RawData, AsnEncodingRules.DER).ReadSequence();
        var body = outer.ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            var extensionsTag = new Asn1Tag(TagClass.ContextSpecific, 3, isConstructed: true);
            while (!body.PeekTag().HasSameClassAndValue(extensionsTag))
                writer.WriteEncodedValue(body.ReadEncodedValue().Span);
            var extensions = body.ReadSequence(extensionsTag).ReadSequence();
            using (writer.PushSequence(extensionsTag))
            using (writer.PushSequence())
            {
                ReadOnlyMemory<byte> last = default;
                while (extensions.HasData)
                    writer.WriteEncodedValue((last = extensions.ReadEncodedValue()).Span);
                writer.WriteEncodedValue(last.Span);
            }
        }

        var signed = writer.Encode();
        using var key = issuer.GetECDsaPrivateKey()!;
        writer.Reset();
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(signed);
            writer.WriteEncodedValue(outer.ReadEncodedValue().Span);
            writer.WriteBitString(key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }

        return X509CertificateLoader.LoadCertificate(writer.Encode());
    }

    /// <summary>A token with this very header and payload, signed by <paramref name="sign"/>.</summary>
    public static string Token(string header, string payload, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Token(JsonObject header, JsonObject payload, ECDsa key) =>
        Token(header.ToJsonString(), payload.ToJsonString(), data => key.SignData(data, HashAlgorithmName.SHA256));

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}

/// <summary>What a forged certificate looks like; the standard is a good X.509-SVID.</summary>
internal sealed record CertificateShape
{
    public string Subject { get; init; } = "CN=agent";

    public string[] Uris { get; init; } = ["spiffe://acme.test/agent/support"];

    public bool? IsAuthority { get; init; } = false;

    public X509KeyUsageFlags? KeyUsage { get; init; } = X509KeyUsageFlags.DigitalSignature;

    public bool KeyUsageIsCritical { get; init; } = true;

    public string[]? ExtendedKeyUsage { get; init; } = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];

    public TimeSpan Start { get; init; } = TimeSpan.FromMinutes(-5);

    public TimeSpan End { get; init; } = TimeSpan.FromHours(1);

    public bool NamesComeLast { get; init; } = true;

    public IEnumerable<X509Extension> Extensions()
    {
        if (!NamesComeLast)
            yield return Names(Uris);
        if (IsAuthority is { } authority)
            yield return new X509BasicConstraintsExtension(authority, false, 0, critical: true);
        if (KeyUsage is { } usage)
            yield return new X509KeyUsageExtension(usage, KeyUsageIsCritical);
        if (ExtendedKeyUsage is { } extended)
            yield return new X509EnhancedKeyUsageExtension([.. extended.Select(use => new Oid(use))], critical: false);
        if (NamesComeLast && Uris.Length > 0)
            yield return Names(Uris);
    }

    private static X509Extension Names(string[] uris)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, "agent.acme.test", new Asn1Tag(TagClass.ContextSpecific, 2));
            foreach (var uri in uris)
                writer.WriteCharacterString(UniversalTagNumber.IA5String, uri, new Asn1Tag(TagClass.ContextSpecific, 6));
        }

        return new X509Extension(new Oid("2.5.29.17"), writer.Encode(), critical: false);
    }
}
