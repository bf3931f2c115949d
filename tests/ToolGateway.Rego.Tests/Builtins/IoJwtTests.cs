using System.Security.Cryptography;
using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Builtins;

public sealed class IoJwtTests
{
    private static readonly RSA Rsa = RSA.Create(2048);

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("RS256")]
    [InlineData("RS512")]
    [InlineData("PS384")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("EdDSA")]
    public void EncodeSign_EachAlgorithm_VerifiesWithItsKeyOnly(string algorithm)
    {
        var (key, publicKey) = MakeKey(algorithm);
        var token = JsonCall.Run("io.jwt.encode_sign", $$"""{"alg": "{{algorithm}}"}""", """{"iss": "a", "exp": 100}""", key);
        var verify = "io.jwt.verify_" + algorithm.ToLowerInvariant();
        Assert.Equal("true", JsonCall.Run(verify, token, publicKey));
        Assert.Equal("false", JsonCall.Run(verify, token.Replace(".ey", ".eyA", StringComparison.Ordinal)[..^9] + "AAAAAAAA\"", publicKey));
        var constraint = algorithm[0] == 'H' ? "secret" : "cert";
        Assert.StartsWith("[true,", JsonCall.Run("io.jwt.decode_verify", token, $$"""{"{{constraint}}": {{publicKey}}, "time": 1, "iss": "a"}"""), StringComparison.Ordinal);
        foreach (var refused in new[] { "\"iss\": \"b\", \"time\": 1", "\"aud\": \"x\", \"time\": 1", "\"time\": 100000000000", "\"alg\": \"none\", \"time\": 1" })
            Assert.Equal("[false,{},{}]", JsonCall.Run("io.jwt.decode_verify", token, $$"""{"{{constraint}}": {{publicKey}}, {{refused}}}"""));
    }

    [Fact]
    public void DecodeVerify_SecretConfusedWithPublicKey_IsFalse()
    {
        // The classic attack: an HMAC made with the public key's text must not pass where an asymmetric key is expected.
        var publicKey = Rsa.ExportSubjectPublicKeyInfoPem();
        var secret = new RegoString(System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(publicKey))).ToJson();
        var token = JsonCall.Run("io.jwt.encode_sign", """{"alg": "HS256"}""", "{}", $$"""{"kty": "oct", "k": {{secret}}}""");
        Assert.Equal("[false,{},{}]", JsonCall.Run("io.jwt.decode_verify", token, $$"""{"cert": {{new RegoString(publicKey).ToJson()}}}"""));
    }

    [Theory]
    [InlineData("a.b", "encoded JWT must have 3 sections, found 2")]
    [InlineData("ab", "encoded JWT had no period separators")]
    [InlineData("e30.W10.", "decoded JSON type was not an Object")]
    [InlineData("eyJlbmMiOiIifQ.e30.", "JWT is a JWE object, which is not supported")]
    [InlineData("e^0=.e30.", "JWT header had invalid encoding: illegal base64 data at input byte 1")]
    public void Decode_BadToken_FailsWithOpasText(string token, string message) =>
        Assert.Equal($"eval_builtin_error: {message}", JsonCall.Text("io.jwt.decode", token));

    [Theory]
    [InlineData("{}", "no key constraint")]
    [InlineData("""{"secret": "a", "x": 1}""", "unknown token validation constraint: x")]
    [InlineData("""{"secret": "a", "time": -1}""", "token time constraint: must not be negative")]
    [InlineData("""{"secret": "a", "iss": 1}""", "iss constraint: must be a string")]
    public void DecodeVerify_BadConstraint_Fails(string constraints, string message) =>
        Assert.Equal($"eval_builtin_error: {message}", JsonCall.Run("io.jwt.decode_verify", "\"e30.e30.\"", constraints));

    private static (string Private, string Public) MakeKey(string algorithm)
    {
        switch (algorithm[..2])
        {
            case "HS":
                return ("""{"kty": "oct", "k": "c2VjcmV0"}""", "\"secret\"");
            case "Ed":
                var point = B64(Rego.Builtins.Cryptography.Ed25519.PublicKey(new byte[32]));
                var okp = $$"""{"kty": "OKP", "crv": "Ed25519", "x": "{{point}}", "d": "{{B64(new byte[32])}}"}""";
                return (okp, new RegoString(okp).ToJson());
            case "ES":
                using (var ec = ECDsa.Create(algorithm == "ES256" ? ECCurve.NamedCurves.nistP256 : algorithm == "ES384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP521))
                {
                    var numbers = ec.ExportParameters(true);
                    var curve = algorithm switch { "ES256" => "P-256", "ES384" => "P-384", _ => "P-521" };
                    var json = $$"""{"kty": "EC", "crv": "{{curve}}", "x": "{{B64(numbers.Q.X)}}", "y": "{{B64(numbers.Q.Y)}}", "d": "{{B64(numbers.D)}}"}""";
                    return (json, new RegoString(ec.ExportSubjectPublicKeyInfoPem()).ToJson());
                }

            default:
                var rsa = Rsa.ExportParameters(true);
                // Without the numbers of the Chinese remainder theorem, which JWA allows.
                var key = $$"""{"kty": "RSA", "n": "{{B64(rsa.Modulus)}}", "e": "{{B64(rsa.Exponent)}}", "d": "{{B64(rsa.D)}}", "p": "{{B64(rsa.P)}}", "q": "{{B64(rsa.Q)}}"}""";
                return (key, new RegoString(Rsa.ExportSubjectPublicKeyInfoPem()).ToJson());
        }
    }

    private static string B64(byte[]? bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
