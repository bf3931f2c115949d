using ToolGateway.Host.Policy;
using ToolGateway.Testing;

namespace ToolGateway.Tests.Decisions.Embedded;

public sealed class ShippedPolicyTests
{
    private static readonly PolicySet Policies = PolicySet.Read([Repository.Path("policies")]);

    /// <summary>Every test below policies/, so that a failing policy test is a failing test.</summary>
    public static TheoryData<string> PolicyTests => [.. PolicyTest.Of(Policies.Policy!).Select(test => $"{test.Package}.{test.Name}")];

    [Theory]
    [MemberData(nameof(PolicyTests))]
    public void PolicyTest_InTheEmbeddedEngine_Passes(string name)
    {
        var test = PolicyTest.Of(Policies.Policy!).Single(test => $"{test.Package}.{test.Name}" == name);
        var result = new PolicyTestRunner(Policies.Policy!, coverage: null).Run(test);
        var report = new StringWriter();
        new TestReport(report, verbose: true).Write([result]);
        Assert.True(result.Status == TestStatus.Pass, report.ToString());
    }

    [Fact]
    public void PolicyTests_CoverEveryLineOfThePolicy()
    {
        var coverage = new Coverage(Policies.Files.Sources, Policies.Policy!);
        foreach (var test in PolicyTest.Of(Policies.Policy!))
            new PolicyTestRunner(Policies.Policy!, coverage).Run(test);
        Assert.All(coverage.Files(), file => Assert.Empty(file.NotCovered));
    }

    // The worked example of policies/README.md, so that it stays true.
    [Fact]
    public void Readme_WorkedExample_Works()
    {
        var directory = Directory.CreateTempSubdirectory("toolgateway-policy-").FullName;
        foreach (var (block, index) in RegoBlocks().Select((block, index) => (block, index)))
            File.WriteAllText(Path.Combine(directory, $"example{index}{(block.Contains("_test", StringComparison.Ordinal) ? "_test" : "")}.rego"), block);
        var set = PolicySet.Read([Repository.Path("policies"), directory]);
        Assert.True(set.IsSound, string.Join('\n', set.Errors));
        var tests = PolicyTest.Of(set.Policy!).Where(test => test.Name.Contains("overdue", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, tests.Count);
        Assert.All(tests, test => Assert.Equal(TestStatus.Pass, new PolicyTestRunner(set.Policy!, coverage: null).Run(test).Status));
        Directory.Delete(directory, recursive: true);
    }

    private static IEnumerable<string> RegoBlocks() =>
        File.ReadAllText(Repository.Path("policies/README.md")).Split("```rego\n").Skip(1).Select(part => part.Split("```")[0]);
}
