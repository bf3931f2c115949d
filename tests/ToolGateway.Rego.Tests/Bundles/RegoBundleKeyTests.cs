using System.Security.Cryptography;
using ToolGateway.Rego.Bundles;

namespace ToolGateway.Rego.Tests.Bundles;

public class RegoBundleKeyTests
{
    [Fact]
    public void TryParse_PublicMaterial_NeverBecomesASecret()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string[] texts =
        [
            Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()),
            Convert.ToBase64String(rsa.ExportRSAPublicKey(), Base64FormattingOptions.InsertLineBreaks),
            Convert.ToBase64String(ec.ExportSubjectPublicKeyInfo()),
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ somebody@example.com",
            "\n{\"keys\":[],\"comment\":\"0123456789abcdef0123456789abcdef\"}",
            "comment\n" + ec.ExportSubjectPublicKeyInfoPem()[..60],
            ec.ExportPkcs8PrivateKeyPem(),
            ec.ExportSubjectPublicKeyInfoPem() + "\n" + ec.ExportSubjectPublicKeyInfoPem(),
        ];
        Assert.All(texts, text => Assert.Contains("neither one public key", Error(text), StringComparison.Ordinal));
    }

    [Fact]
    public void TryParse_WeakKey_IsRefusedWithoutShowingIt()
    {
        using var rsa = RSA.Create(1024);
        Assert.Contains("at least 2,048 bits", Error(rsa.ExportSubjectPublicKeyInfoPem()), StringComparison.Ordinal);
        Assert.Contains("at least 32 bytes", Error("hunter2"), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Error("hunter2"), StringComparison.Ordinal);
        Assert.Contains("at least 32 bytes", Error(""), StringComparison.Ordinal);
        Assert.Contains("of a kind that signs no bundles", Error("""{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_KeyThatSigns_KeepsItsId()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(RegoBundleKey.TryParse(ec.ExportSubjectPublicKeyInfoPem(), "k1", out var key, out var error));
        Assert.Equal("k1", key.Id);
        Assert.Null(error);
    }

    private static string Error(string text)
    {
        Assert.False(RegoBundleKey.TryParse(text, null, out var key, out var error));
        Assert.Null(key);
        return error;
    }
}
