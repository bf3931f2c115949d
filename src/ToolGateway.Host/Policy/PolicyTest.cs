using ToolGateway.Rego;
using ToolGateway.Rego.Text;
using ToolGateway.Rego.Tracing;

namespace ToolGateway.Host.Policy;

/// <summary>How a test ended.</summary>
internal enum TestStatus
{
    Pass,
    Fail,
    Error,
    Skipped,
}

/// <summary>One test rule, with all its definitions.</summary>
/// <param name="Package">As a reference: <c>data.toolgateway_test</c>.</param>
/// <param name="Name">Without the variables of data-driven tests.</param>
/// <param name="Rules">Where its definitions stand.</param>
internal sealed record PolicyTest(string Package, string Name, IReadOnlyList<RegoRule> Rules)
{
    public SourceLocation Location => Rules[0].Location;

    public bool IsSkipped => Rules[0].IsSkippedTest;

    /// <summary>The variable that names the cases of a data-driven test, or null.</summary>
    public string? CaseVariable => Rules[0].Name.IndexOf('[', StringComparison.Ordinal) is > 0 and var open
        ? Rules[0].Name[(open + 1)..].Split(']')[0]
        : null;

    public static IReadOnlyList<PolicyTest> Of(RegoPolicy policy) =>
    [
        .. policy.Rules
            .Where(rule => rule.IsTest || rule.IsSkippedTest)
            .GroupBy(rule => (rule.Package, Name: rule.Name.Split('[')[0]))
            .Select(group => new PolicyTest(group.Key.Package, group.Key.Name, [.. group])),
    ];

    /// <summary>Whether a step happened in the test's own text.</summary>
    public bool Contains(SourceLocation place) =>
        Rules.Any(rule => rule.Location.File == place.File && place.Offset >= rule.Location.Offset && place.Offset < rule.Location.Offset + rule.Location.Text.Length);
}

/// <summary>What became of a test.</summary>
/// <param name="Cases">The cases of a data-driven test by name; empty for others.</param>
/// <param name="Failure">The last expression that did not hold, with its values; null when there is none.</param>
internal sealed record TestResult(
    PolicyTest Test, TestStatus Status, TimeSpan Duration, IReadOnlyDictionary<string, bool> Cases, TraceEvent? Failure, RegoError? Error, IReadOnlyList<string> Output);
