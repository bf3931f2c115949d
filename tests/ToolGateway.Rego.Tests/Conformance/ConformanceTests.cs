using ToolGateway.Rego.Conformance;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Conformance;

/// <summary>Runs the project's own cases. Unknown failures and unexpected passes are both failures here.</summary>
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
}
