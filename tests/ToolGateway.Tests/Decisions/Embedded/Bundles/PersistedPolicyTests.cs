using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Decisions.Embedded.Bundles;
using ToolGateway.Hosting;
using ToolGateway.Rego.Tests.Bundles;

namespace ToolGateway.Tests.Decisions.Embedded.Bundles;

public sealed class PersistedPolicyTests : IDisposable
{
    private const string Minimal = "package toolgateway\ndecision := {\"allow\": false, \"reasons\": [\"no\"]}\n";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("toolgateway-kept-");

    private string Kept => Path.Combine(_directory.FullName, "bundle.tar.gz");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Load_NothingKeptAtStart_IsNoErrorAndItsComingIsNoticed()
    {
        var files = new FileSet("/");
        var (policy, problem, errors) = Load(files, previous: null);
        Assert.Null(policy);
        Assert.Empty(errors);
        Assert.Contains("has delivered nothing yet", problem, StringComparison.Ordinal);
        Assert.True(files.IsUnchanged());
        Write(Minimal);
        Assert.False(files.IsUnchanged());
        (policy, problem, errors) = Load(new FileSet("/"), previous: null);
        Assert.Equal(("r1", null, 0), (policy!.Revision, problem, errors.Count));
    }

    [Theory]
    [InlineData("garbage", "not a gzip-compressed tar archive")]
    [InlineData("does not compile", "rego_unsafe_var_error")]
    [InlineData("gone", "has delivered nothing yet")]
    [InlineData("loop", "cannot be read")]
    public void Load_BadOrGone_IsAProblemAtStartAndARefusedChangeLater(string how, string expected)
    {
        Write(Minimal);
        var previous = Load(new FileSet("/"), previous: null).Policy;
        File.Delete(Kept);
        if (how == "garbage")
            File.WriteAllText(Kept, "garbage");
        else if (how == "does not compile")
            Write("package toolgateway\ndecision := x\n");
        else if (how == "loop")
            File.CreateSymbolicLink(Kept, Kept);
        var (policy, problem, errors) = Load(new FileSet("/"), previous: null);
        Assert.Null(policy);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Empty(errors);
        (policy, _, errors) = Load(new FileSet("/"), previous);
        Assert.Null(policy);
        Assert.Contains(expected, Assert.Single(errors), StringComparison.Ordinal);
        Assert.Contains("Bundle:PersistPath", errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WrongKeyOptions_AreErrorsAlsoAtStart()
    {
        var errors = new ConfigurationErrors();
        var options = new EmbeddedOptions { Bundle = new BundleOptions { Url = "https://bundles.example.com/b", PersistPath = Kept } };
        Assert.Null(PersistedPolicy.Load(options, new FileSet("/"), errors, previous: null).Policy);
        Assert.Contains("VerificationKeyPath: missing", Assert.Single(errors.Items).ToString(), StringComparison.Ordinal);
    }

    private (EmbeddedPolicy? Policy, string? Problem, IReadOnlyList<string> Errors) Load(FileSet files, EmbeddedPolicy? previous)
    {
        var errors = new ConfigurationErrors();
        var options = new EmbeddedOptions
        {
            AllowUnsigned = true,
            Timeout = TimeSpan.FromSeconds(5),
            Bundle = new BundleOptions { Url = "https://bundles.example.com/b", PersistPath = Kept },
        };
        var (policy, problem) = PersistedPolicy.Load(options, files, errors, previous);
        return (policy, problem, [.. errors.Items.Select(static error => error.ToString())]);
    }

    private void Write(string rego) => File.WriteAllBytes(Kept, TestBundle.Pack((".manifest", """{"revision":"r1"}"""), ("policy.rego", rego)));
}
