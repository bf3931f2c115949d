using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Hosting;
using ToolGateway.Rego.Tests.Bundles;

namespace ToolGateway.Tests.Decisions.Embedded;

public sealed class PolicyBundleTests : IDisposable
{
    private const string Minimal = "package toolgateway\ndecision := {\"allow\": false, \"reasons\": [data.app.reason]}\n";
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("toolgateway-bundle-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string BundlePath => Path.Combine(_directory.FullName, "bundle.tar.gz");

    public void Dispose()
    {
        _key.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void Load_SignedBundle_Decides()
    {
        WriteSigned("r7", 1_700_000_000);
        var (policy, errors) = Load(Signed());
        Assert.Empty(errors);
        Assert.Equal("r7", policy!.Revision);
        Assert.Equal("""{"app":{"reason":"no"}}""", policy.Policy.Data.ToJson());
        Assert.Equal("""{"allow":false,"reasons":["no"]}""", policy.Decision.Query.Evaluate("{}"u8, policy.Evaluation).Value!.ToJson());
    }

    [Fact]
    public void Load_SharedSecretFile_VerifiesWithoutItsLineBreak()
    {
        var token = TestBundle.Token(Payload("r1", 1, Minimal), "HS256", text => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), text), "k1");
        Write([.. Files("r1", Minimal), TestBundle.Signatures(token)]);
        Assert.NotNull(Load(new EmbeddedOptions { VerificationKeyPath = KeyFile(Secret + "\n"), VerificationKeyId = "k1" }).Policy);
        Assert.Contains("signed by key 'k1', which is not given", Error(new EmbeddedOptions { VerificationKeyPath = KeyFile(Secret), VerificationKeyId = "k2" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TamperedOrUnsigned_IsRefusedWithKeyValueAndRepair()
    {
        WriteSigned("r1", 1, Minimal, Minimal + "# more\n");
        Assert.StartsWith($"ToolGateway:Decisions:Embedded:PolicyPath = '{BundlePath}': .signatures.json: app/policy.rego is not the file that was signed", Error(Signed()), StringComparison.Ordinal);
        Write(Files("r1", Minimal));
        Assert.Contains("although a key is given; sign it", Error(Signed()), StringComparison.Ordinal);
        Assert.Contains("VerificationKeyPath: missing; give the file of the public key (PEM)", Error(new EmbeddedOptions()), StringComparison.Ordinal);
        Assert.Equal("r1", Load(new EmbeddedOptions { AllowUnsigned = true }).Policy!.Revision);
    }

    [Fact]
    public void Load_BadKeyOrOptions_NameTheOption()
    {
        WriteSigned("r1", 1);
        Assert.Contains("VerificationKeyPath = '/does/not/exist'", Error(new EmbeddedOptions { VerificationKeyPath = "/does/not/exist" }), StringComparison.Ordinal);
        var weak = Error(new EmbeddedOptions { VerificationKeyPath = KeyFile("hunter2") });
        Assert.Contains("at least 32 bytes", weak, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", weak, StringComparison.Ordinal);
        Assert.Contains("Scope = 'write': only signatures have it", Error(new EmbeddedOptions { Scope = "write", AllowUnsigned = true }), StringComparison.Ordinal);
        var (_, errors) = Policies.Load(_directory.FullName, Signed());
        Assert.Contains("VerificationKeyPath", Assert.Single(errors, error => error.Contains("only bundles are signed", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Errors_PointIntoTheBundle()
    {
        Write(("app/policy.rego", "package toolgateway\ndecision := x\n"));
        Assert.Contains($"{BundlePath}/app/policy.rego:2:13: rego_unsafe_var_error", Error(new EmbeddedOptions { AllowUnsigned = true }), StringComparison.Ordinal);
        Write((".manifest", """{"roots":["other"]}"""), ("app/policy.rego", Minimal));
        Assert.Contains("package toolgateway is outside of the roots [other]", Error(new EmbeddedOptions { AllowUnsigned = true }), StringComparison.Ordinal);
        Write(("README.md", ""));
        Assert.Contains("no Rego files below", Error(new EmbeddedOptions { AllowUnsigned = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TestsAreIgnored_AndRevisionIsADigestWithoutManifest()
    {
        Write(("a.rego", Minimal), ("a_test.rego", "package x\nthis is not Rego"), ("app/data.json", """{"reason":"no"}"""));
        var first = Load(new EmbeddedOptions { AllowUnsigned = true }).Policy!.Revision;
        Write(("a.rego", Minimal + "# other\n"));
        Assert.NotEqual(first, Load(new EmbeddedOptions { AllowUnsigned = true }).Policy!.Revision);
    }

    [Fact]
    public void Load_OlderRegoVersion_CompilesAsThatVersion()
    {
        const string older = "package toolgateway\ndecision = {\"allow\": false, \"reasons\": [\"no\"]} { true }\n";
        Write((".manifest", """{"rego_version":0}"""), ("a.rego", older));
        var (policy, errors) = Load(new EmbeddedOptions { AllowUnsigned = true });
        Assert.Empty(errors);
        Write(("a.rego", older));
        Assert.Contains("rego_parse_error", Error(new EmbeddedOptions { AllowUnsigned = true }, policy), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r1", 100, "r2", 99, "signed 1970-01-01 00:01:39Z, before the bundle in use (r1, signed 1970-01-01 00:01:40Z)")]
    [InlineData("9", 100, "8", 101, null)]
    [InlineData("9", 100, "8", 100, "its revision 8 is before that of the bundle in use (9)")]
    [InlineData("v1.10.0", 0, "v1.9.9", 0, "its revision v1.9.9 is before that")]
    [InlineData("v1.10.0", 0, "v1.10.1", 0, null)]
    [InlineData("1.10", 0, "1.10.0", 0, null)]
    [InlineData("2026-01-02T00:00:00Z", 0, "2026-01-02T00:30:00+01:00", 0, "its revision 2026-01-02T00:30:00+01:00 is before that")]
    [InlineData("r1", 100, "r1", 100, null)]
    [InlineData("abc", 0, "abd", 0, null)]
    [InlineData("abc", 100, "abd", 0, "its signature states no time (iat)")]
    [InlineData("9", 100, "10", 0, null)]
    public void Load_OlderSignedBundle_IsRefusedUnlessAllowed(string current, long issued, string next, long nextIssued, string? error)
    {
        WriteSigned(current, issued);
        var policy = Load(Signed()).Policy;
        WriteSigned(next, nextIssued);
        var (loaded, errors) = Load(Signed(), policy);
        if (error is null)
        {
            Assert.Equal(next, loaded!.Revision);
            return;
        }

        Assert.Null(loaded);
        Assert.Contains(error, Assert.Single(errors), StringComparison.Ordinal);
        Assert.Contains("AllowRollback", errors[0], StringComparison.Ordinal);
        var allowed = Signed();
        allowed.AllowRollback = true;
        Assert.Equal(next, Load(allowed, policy).Policy!.Revision);
    }

    [Fact]
    public void FileSet_BundleOrKeyThatChanges_IsNoticed()
    {
        WriteSigned("r1", 1);
        var options = Signed();
        options.PolicyPath = BundlePath;
        var files = new FileSet("/");
        Assert.NotNull(EmbeddedPolicy.Load(options, files, new ConfigurationErrors(), null));
        Assert.True(files.IsUnchanged());
        WriteSigned("r2", 2);
        Assert.False(files.IsUnchanged());
        files = new FileSet("/");
        Assert.NotNull(EmbeddedPolicy.Load(options, files, new ConfigurationErrors(), null));
        KeyFile(Secret);
        Assert.False(files.IsUnchanged());
    }

    private (EmbeddedPolicy? Policy, IReadOnlyList<string> Errors) Load(EmbeddedOptions options, EmbeddedPolicy? previous = null)
    {
        options.Timeout = TimeSpan.FromSeconds(5);
        return Policies.Load(BundlePath, options, previous);
    }

    private string Error(EmbeddedOptions options, EmbeddedPolicy? previous = null)
    {
        var (policy, errors) = Load(options, previous);
        Assert.Null(policy);
        return Assert.Single(errors);
    }

    private EmbeddedOptions Signed() => new() { VerificationKeyPath = KeyFile(_key.ExportSubjectPublicKeyInfoPem()) };

    private string KeyFile(string text)
    {
        var path = Path.Combine(_directory.FullName, "bundle.key");
        File.WriteAllText(path, text);
        return path;
    }

    private void Write(params (string Path, string Text)[] files) => File.WriteAllBytes(BundlePath, TestBundle.Pack(files));

    private void WriteSigned(string revision, long issued, string signed = Minimal, string? packed = null) => Write(
        [.. Files(revision, packed ?? signed), TestBundle.Signatures(TestBundle.Token(Payload(revision, issued, signed), "ES256", text => _key.SignData(text, HashAlgorithmName.SHA256)))]);

    private static (string, string)[] Files(string revision, string rego) =>
        [(".manifest", $$"""{"revision":"{{revision}}"}"""), ("app/policy.rego", rego), ("app/data.json", """{"reason":"no"}""")];

    private static JsonObject Payload(string revision, long issued, string rego)
    {
        var payload = TestBundle.Payload(Files(revision, rego));
        if (issued > 0)
            payload["iat"] = issued;
        else
            payload.Remove("iat");
        return payload;
    }
}
