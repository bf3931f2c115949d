using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ToolGateway.Rego.Bundles;

namespace ToolGateway.Rego.Tests.Bundles;

public sealed class BundleSignatureTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    // One pair for all tests: making an RSA key takes longer than everything else here.
    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly ECDsa Ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES384")]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public void Read_SignedByTheKey_IsAccepted(string algorithm)
    {
        var reading = Read(TestBundle.DefaultPayload(), algorithm, KeyFor(algorithm), keyId: "k1");
        Assert.Empty(reading.Errors);
        Assert.Equal(new RegoBundleSignature(algorithm, "k1", null, null, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)), reading.Bundle!.Signature);
    }

    [Theory]
    [InlineData("SHA-384")]
    [InlineData("SHA-512")]
    public void Read_OtherHashes_AreAccepted(string algorithm)
    {
        var payload = new JsonObject { ["files"] = new JsonArray(TestBundle.Entry("a.rego", TestBundle.Module, algorithm)) };
        var reading = Read(payload, "RS256", KeyFor("RS256"), files: [("a.rego", TestBundle.Module)]);
        Assert.NotNull(reading.Bundle);
        Assert.Null(reading.Bundle.Signature!.IssuedAt);
    }

    [Theory]
    [InlineData("data.json", """{"limit":1.0,"z":"<é>"}""", null)]
    [InlineData("data.json", """{"z":"<é>","limit":1}""", "data.json is not the file that was signed")]
    [InlineData("app/policy.rego", TestBundle.Module + "\n", "app/policy.rego is not the file that was signed")]
    [InlineData(".manifest", """{"revision": "r2", "metadata": {"team": "x"}}""", ".manifest is not the file that was signed")]
    [InlineData("data.json", "{", "data.json:1:")]
    public void Read_ChangedFile_IsRefusedUnlessTheDocumentIsTheSame(string path, string text, string? error)
    {
        var files = TestBundle.Files.Select(file => file.Path == path ? (path, text) : file).ToArray();
        Check(Read(TestBundle.DefaultPayload(), "RS256", KeyFor("RS256"), files: files), error);
    }

    [Fact]
    public void Read_FileMoreOrLess_IsRefused()
    {
        Check(Read(TestBundle.DefaultPayload(), "RS256", KeyFor("RS256"), files: [.. TestBundle.Files, ("README.md", "hello")]), "README.md is not signed");
        Check(Read(TestBundle.DefaultPayload(), "RS256", KeyFor("RS256"), files: TestBundle.Files[..2]), "data.json is signed, but not in the bundle");
    }

    [Theory]
    [InlineData("""{"iat":1}""", "the token lists no files")]
    [InlineData("""{"files":[{"name":"a","hash":"01","algorithm":"MD5"}]}""", "a has no hash by SHA-256")]
    [InlineData("""{"files":[{"name":"a","hash":"xx","algorithm":"SHA-256"}]}""", "a has no hash by SHA-256")]
    [InlineData("""{"files":[{"name":"../a","hash":"01","algorithm":"SHA-256"}]}""", "names no file")]
    [InlineData("""{"files":[{"name":"a","hash":"01","algorithm":"SHA-256"},{"name":"/a","hash":"01","algorithm":"SHA-256"}]}""", "a is listed twice")]
    [InlineData("""{"files":[],"iat":"now"}""", "is no time in seconds")]
    [InlineData("""{"files":[],"scope":"write"}""", "signed for scope 'write' where '' is expected")]
    public void Read_BadClaims_AreRefused(string payload, string error) => Check(Read(JsonNode.Parse(payload)!.AsObject(), "RS256", KeyFor("RS256")), error);

    [Fact]
    public void Read_Scope_MustBeTheStatedOne()
    {
        var payload = TestBundle.DefaultPayload();
        payload["scope"] = "write";
        var packed = Pack(payload, "RS256", TestBundle.Files, null);
        Assert.Equal("write", RegoBundle.Read(packed, new RegoBundleOptions { Keys = [KeyFor("RS256")], Scope = "write" }).Bundle!.Signature!.Scope);
        Check(RegoBundle.Read(packed, new RegoBundleOptions { Keys = [KeyFor("RS256")], Scope = "read" }), "signed for scope 'write' where 'read' is expected");
    }

    [Fact]
    public void Read_WrongKey_IsRefused()
    {
        using var other = RSA.Create(2048);
        Check(Read(TestBundle.DefaultPayload(), "RS256", Key(other.ExportSubjectPublicKeyInfoPem())), "signature does not verify");
        Check(Read(TestBundle.DefaultPayload(), "HS256", Key(Secret.Replace('0', '1'))), "signature does not verify");
    }

    [Fact]
    public void Read_KeyIds_ChooseTheKey()
    {
        var pem = Rsa.ExportSubjectPublicKeyInfoPem();
        Check(Read(TestBundle.DefaultPayload(), "RS256", Key(pem, "k1"), keyId: "k1"), null);
        Check(Read(TestBundle.DefaultPayload(), "RS256", Key(pem, "k1"), keyId: null), null);
        Check(Read(TestBundle.DefaultPayload(), "RS256", Key(pem, "k1"), keyId: "k2"), "signed by key 'k2', which is not given");
        var payload = TestBundle.DefaultPayload();
        payload["keyid"] = "k3";
        Check(Read(payload, "RS256", Key(pem, "k1")), "signed by key 'k3', which is not given");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("EdDSA")]
    [InlineData("RS255")]
    [InlineData("")]
    public void Read_OtherAlgorithm_IsRefused(string algorithm) =>
        Check(Read(TestBundle.DefaultPayload(), algorithm, KeyFor("RS256")), $"algorithm '{algorithm}' is not supported");

    [Fact]
    public void Read_PublicKeyUsedAsSecret_IsRefused()
    {
        var pem = Rsa.ExportSubjectPublicKeyInfoPem();
        var token = TestBundle.Token(TestBundle.DefaultPayload(), "HS256", text => HMACSHA256.HashData(Encoding.UTF8.GetBytes(pem), text));
        Check(RegoBundle.Read(TestBundle.Pack([.. TestBundle.Files, TestBundle.Signatures(token)]), new RegoBundleOptions { Keys = [Key(pem)] }), "signature does not verify");
    }

    [Theory]
    [InlineData(false, false, false, "not signed; sign it")]
    [InlineData(false, false, true, null)]
    [InlineData(false, true, false, "not signed (.signatures.json is missing) although a key is given")]
    [InlineData(false, true, true, "not signed (.signatures.json is missing) although a key is given")]
    [InlineData(true, false, false, "signed, and there is no key to verify it with")]
    [InlineData(true, false, true, null)]
    [InlineData(true, true, false, null)]
    [InlineData(true, true, true, null)]
    public void Read_SignatureAndKey_MustMeet(bool isSigned, bool hasKey, bool allowUnsigned, string? error)
    {
        var packed = isSigned ? Pack(TestBundle.DefaultPayload(), "ES384", TestBundle.Files, null) : TestBundle.Pack(TestBundle.Files);
        var reading = RegoBundle.Read(packed, new RegoBundleOptions { Keys = hasKey ? [KeyFor("ES384")] : [], AllowUnsigned = allowUnsigned });
        Check(reading, error);
        Assert.Equal(isSigned && hasKey, reading.Bundle?.Signature is not null);
    }

    [Theory]
    [InlineData("{}", "not an array of exactly one token")]
    [InlineData("[]", "not an array of exactly one token")]
    [InlineData("""{"signatures":[]}""", "not an array of exactly one token")]
    [InlineData("""{"signatures":["a","b"]}""", "not an array of exactly one token")]
    [InlineData("""{"signatures":["a"],"plugin":"mine"}""", "signed with plugin \"mine\"")]
    [InlineData("""{"signatures":["a"]}""", "the token is malformed")]
    [InlineData("""{"signatures":["a.b.c"]}""", "the token is malformed")]
    [InlineData("{", ".signatures.json:1:")]
    public void Read_BadSignatureFile_IsRefused(string text, string error) => Check(
        RegoBundle.Read(TestBundle.Pack([.. TestBundle.Files, (".signatures.json", text)]), new RegoBundleOptions { Keys = [KeyFor("RS256")], AllowUnsigned = true }), error);

    private static RegoBundleReading Read(JsonObject payload, string algorithm, RegoBundleKey key, (string, string)[]? files = null, string? keyId = null) =>
        RegoBundle.Read(Pack(payload, algorithm, files ?? TestBundle.Files, keyId), new RegoBundleOptions { Keys = [key] });

    private static byte[] Pack(JsonObject payload, string algorithm, (string, string)[] files, string? keyId) =>
        TestBundle.Pack([.. files, TestBundle.Signatures(TestBundle.Token(payload, algorithm, text => Sign(algorithm, text), keyId))]);

    private static byte[] Sign(string algorithm, byte[] text)
    {
        var hash = algorithm.Length == 5 ? new HashAlgorithmName("SHA" + algorithm[2..]) : default;
        return algorithm switch
        {
            ['R', 'S', _, _, '6' or '4' or '2'] => Rsa.SignData(text, hash, RSASignaturePadding.Pkcs1),
            ['P', ..] => Rsa.SignData(text, hash, RSASignaturePadding.Pss),
            ['E', 'S', ..] => Ec.SignData(text, hash),
            ['H', ..] => CryptographicOperations.HmacData(hash, Encoding.UTF8.GetBytes(Secret), text),
            _ => [],
        };
    }

    private static RegoBundleKey KeyFor(string algorithm) => Key(algorithm[0] switch
    {
        'H' => Secret,
        'E' => Ec.ExportSubjectPublicKeyInfoPem(),
        _ => algorithm == "RS512" ? Rsa.ExportRSAPublicKeyPem() : Rsa.ExportSubjectPublicKeyInfoPem(),
    });

    private static RegoBundleKey Key(string text, string? id = null)
    {
        Assert.True(RegoBundleKey.TryParse(text, id, out var key, out var error), error);
        return key!;
    }

    private static void Check(RegoBundleReading reading, string? error)
    {
        if (error is null)
        {
            Assert.Empty(reading.Errors);
            Assert.NotNull(reading.Bundle);
            return;
        }

        Assert.Null(reading.Bundle);
        Assert.Contains(reading.Errors, item => item.Message.Contains(error, StringComparison.Ordinal));
    }
}
