using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Values;
using CertificateRequest = System.Security.Cryptography.X509Certificates.CertificateRequest;

namespace ToolGateway.Rego.Tests.Builtins;

public sealed class CryptoX509Tests : IDisposable
{
    private static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly long Inside = From.AddDays(10).ToUnixTimeSeconds() * 1_000_000_000;

    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _leafKey = RSA.Create(2048);
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _leaf;

    public CryptoX509Tests()
    {
        var root = new CertificateRequest("CN=Root, O=Acme, C=DE", _rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 1, true));
        root.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = root.CreateSelfSigned(From, From.AddYears(1));
        var leaf = new CertificateRequest("CN=leaf", _leafKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("*.acme.test");
        names.AddUri(new System.Uri("spiffe://acme.test/agent/a?x=1"));
        names.AddIpAddress(System.Net.IPAddress.Parse("10.0.0.1"));
        leaf.CertificateExtensions.Add(names.Build());
        leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var issued = leaf.Create(_root.SubjectName, X509SignatureGenerator.CreateForECDsa(_rootKey), From, From.AddMonths(1), [1, 2, 3]);
        _leaf = issued.CopyWithPrivateKey(_leafKey);
    }

    public void Dispose()
    {
        _rootKey.Dispose();
        _leafKey.Dispose();
        _root.Dispose();
        _leaf.Dispose();
    }

    [Fact]
    public void ParseCertificates_Leaf_HasTheMembersOfGo()
    {
        var leaf = (RegoObject)((RegoArray)RegoJson.Parse(JsonCall.Text("crypto.x509.parse_certificates", _leaf.ExportCertificatePem())))[0];
        Assert.Equal("\"leaf\"", Member(leaf, "Subject", "CommonName"));
        Assert.Equal("""["Acme"]""", Member(leaf, "Issuer", "Organization"));
        Assert.Equal("66051", Member(leaf, "SerialNumber"));
        Assert.Equal("\"2026-01-01T00:00:00Z\"", Member(leaf, "NotBefore"));
        Assert.Equal("""["*.acme.test"]""", Member(leaf, "DNSNames"));
        Assert.Equal("""["spiffe://acme.test/agent/a?x=1"]""", Member(leaf, "URIStrings"));
        Assert.Equal("""["10.0.0.1"]""", Member(leaf, "IPAddresses"));
        Assert.Equal("[1]", Member(leaf, "ExtKeyUsage"));
        Assert.Equal("10", Member(leaf, "SignatureAlgorithm"));
        Assert.Equal("65537", Member(leaf, "PublicKey", "E"));
        var uri = (RegoObject)((RegoArray)leaf.Members.ToArray().Single(pair => pair.Key.Equals(new RegoString("URIs"))).Value)[0];
        Assert.Equal(("\"/agent/a\"", "\"acme.test\"", "\"x=1\""), (Member(uri, "Path"), Member(uri, "Host"), Member(uri, "RawQuery")));
    }

    [Fact]
    public void ParseAndVerify_Chain_FollowsTimeNameAndPurpose()
    {
        Assert.StartsWith("[true,", Verify($$"""{"CurrentTime": {{Inside}}, "DNSName": "a.acme.test"}"""), StringComparison.Ordinal);
        var late = From.AddMonths(2).ToUnixTimeSeconds() * 1_000_000_000;
        foreach (var options in new[]
        {
            $$"""{"CurrentTime": {{late}}}""",
            $$"""{"CurrentTime": {{Inside}}, "DNSName": "a.b.acme.test"}""",
            $$"""{"CurrentTime": {{Inside}}, "KeyUsages": ["KeyUsageClientAuth"]}""",
        })
            Assert.Equal("[false,[]]", Verify(options));
        Assert.Equal("eval_builtin_error: invalid key option", Verify("""{"x": 1}"""));
        Assert.Equal("eval_builtin_error: invalid entries for 'KeyUsages' found: [x]", Verify("""{"KeyUsages": ["x"]}"""));
    }

    [Fact]
    public void ParseAndVerify_ForeignRootOrAlteredLeaf_IsFalse()
    {
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var other = new CertificateRequest(_root.SubjectName, otherKey, HashAlgorithmName.SHA256);
        other.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var foreign = other.CreateSelfSigned(From, From.AddYears(1));
        var context = JsonCall.Context();
        context.NowNanoseconds = Inside;
        var chain = new RegoString(foreign.ExportCertificatePem() + "\n" + _leaf.ExportCertificatePem());
        Assert.Equal("[false,[]]", BuiltinRegistry.All["crypto.x509.parse_and_verify_certificates"].Function(context, [chain])!.ToJson());
    }

    [Fact]
    public void ParseKeyPair_KeyOfAnotherCertificate_Fails()
    {
        var pair = JsonCall.Text("crypto.x509.parse_keypair", _leaf.ExportCertificatePem(), _leafKey.ExportPkcs8PrivateKeyPem());
        Assert.Contains("\"Primes\":[", pair, StringComparison.Ordinal);
        Assert.Equal(
            "eval_builtin_error: tls: private key does not match public key",
            JsonCall.Text("crypto.x509.parse_keypair", _leaf.ExportCertificatePem(), _rootKey.ExportPkcs8PrivateKeyPem()));
    }

    [Fact]
    public void ParseRsaPrivateKey_Pem_GivesAJwkThatSigns()
    {
        var jwk = JsonCall.Text("crypto.x509.parse_rsa_private_key", _leafKey.ExportRSAPrivateKeyPem());
        var token = JsonCall.Run("io.jwt.encode_sign", """{"alg": "RS256"}""", "{}", jwk);
        Assert.Equal("true", JsonCall.Run("io.jwt.verify_rs256", token, new RegoString(_leaf.ExportCertificatePem()).ToJson()));
        Assert.Equal("eval_builtin_error: input PEM data was empty", JsonCall.Text("crypto.x509.parse_rsa_private_key", ""));
    }

    [Fact]
    public void ParseCertificateRequest_WithNames_HasThem()
    {
        var request = new CertificateRequest("CN=x", _rootKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("x.acme.test");
        request.CertificateExtensions.Add(names.Build());
        var value = (RegoObject)RegoJson.Parse(JsonCall.Text("crypto.x509.parse_certificate_request", request.CreateSigningRequestPem()));
        Assert.Equal("""["x.acme.test"]""", Member(value, "DNSNames"));
        Assert.Equal("\"x\"", Member(value, "Subject", "CommonName"));
    }

    [Theory]
    [InlineData("foobar", "illegal base64 data at input byte 4")]
    [InlineData("YmFkc3RyaW5n", "x509: malformed certificate")]
    public void ParseCertificates_Garbage_Fails(string text, string message) =>
        Assert.Contains(message[..14], JsonCall.Text("crypto.x509.parse_certificates", text), StringComparison.Ordinal);

    [Fact]
    public void ParseCertificates_MutatedDer_NeverThrows()
    {
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            var der = (byte[])_leaf.RawData.Clone();
            der[random.Next(der.Length)] = (byte)random.Next(256);
            var result = JsonCall.Text("crypto.x509.parse_certificates", Convert.ToBase64String(der));
            Assert.True(result.StartsWith("[{", StringComparison.Ordinal) || result.StartsWith("eval_builtin_error: x509", StringComparison.Ordinal), result);
        }
    }

    private string Verify(string options) => JsonCall.Run(
        "crypto.x509.parse_and_verify_certificates_with_options", new RegoString(_root.ExportCertificatePem() + "\n" + _leaf.ExportCertificatePem()).ToJson(), options);

    private static string Member(RegoObject map, params string[] path)
    {
        RegoValue value = map;
        foreach (var name in path)
            value = ((RegoObject)value).TryGetValue(name, out var member) ? member : throw new KeyNotFoundException(name);
        return value.ToJson();
    }
}
