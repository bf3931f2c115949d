using ToolGateway.Rego.Conformance;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Conformance;

/// <summary>Runs the project's own cases always, and OPA's where they are at hand. Unknown failures and unexpected passes are both failures here.</summary>
public sealed class ConformanceTests
{
    private static string OwnCases => Path.Combine(AppContext.BaseDirectory, "cases");

    [Fact]
    public void OwnCases_AllFiles_Pass()
    {
        var results = ConformanceSuite.Run(CaseReader.ReadAll(OwnCases));
        Assert.True(results.Count >= 50, $"only {results.Count} cases in {OwnCases}");
        Assert.Empty(KnownFailures.Load().Surprises(results));
    }

    [Theory]
    [InlineData("rego", 1601)]
    [InlineData("recorded", 2558)]
    public void SharedCases_WhereAtHand_FailOnlyAsKnown(string folder, int atLeast)
    {
        if (FindShared(folder) is not { } directory)
        {
            // The suites are data of another project and not part of this repository; the own cases above cover the engine without them.
            Assert.False(Directory.Exists(folder));
            return;
        }

        var results = ConformanceSuite.Run(CaseReader.ReadAll(directory));
        Assert.True(results.Count >= atLeast, $"only {results.Count} cases in {directory}");
        Assert.Empty(KnownFailures.Load().Surprises(results));
        Assert.True(results.Count(result => result.Passed) >= results.Count * 0.99);
    }

    [Fact]
    public void Run_FailingCase_SaysWhy()
    {
        var @case = new ConformanceCase("x.yaml", ".", "x") { Query = "x = 1", WantResult = [RegoJson.Parse("""{"x": 2}""")] };
        var result = Assert.Single(ConformanceSuite.Run([@case]));
        Assert.False(result.Passed);
        Assert.Contains("want", result.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_MissingError_Fails()
    {
        var @case = new ConformanceCase("x.yaml", ".", "x") { Query = "x = 1", WantErrorCode = RegoErrorCodes.Parse };
        Assert.NotNull(CaseRunner.Run(@case));
        Assert.Null(CaseRunner.Run(@case with { Query = "x = " }));
        Assert.NotNull(CaseRunner.Run(@case with { Query = "x = ", WantErrorCode = RegoErrorCodes.Type }));
    }

    private static string? FindShared(string folder)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "..", "shared", "conformance", folder);
            if (File.Exists(Path.Combine(directory.FullName, "ToolGateway.sln")))
                return Directory.Exists(candidate) ? candidate : null;
        }

        return null;
    }
}
