using System.Diagnostics;
using ToolGateway.Rego;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Tracing;
using ToolGateway.Rego.Values;

namespace ToolGateway.Host.Policy;

/// <summary>Runs test rules as <c>opa test</c> does: true passes, false and undefined fail, an evaluation error is an error.</summary>
internal sealed class PolicyTestRunner(RegoPolicy policy, Coverage? coverage)
{
    public TestResult Run(PolicyTest test)
    {
        if (test.IsSkipped)
            return new TestResult(test, TestStatus.Skipped, default, Empty, null, null, []);
        var preparation = policy.PrepareEntryPoint($"{test.Package}.{test.Name}");
        if (preparation.Query is not { } query)
            return new TestResult(test, TestStatus.Error, default, Empty, null, preparation.Errors[0], []);
        var output = new List<string>();
        var options = new RegoEvaluationOptions(RegoLimits.Tooling) { Print = output.Add, Trace = coverage };
        var started = Stopwatch.GetTimestamp();
        var result = query.Evaluate((RegoValue?)null, options);
        var duration = Stopwatch.GetElapsedTime(started);
        if (result.Error is { } error)
            return new TestResult(test, TestStatus.Error, duration, Empty, null, error, output);

        // Cases that do not hold leave nothing in the result, so they are found by following the evaluation.
        var watch = new TestWatch(test);
        var cases = test.CaseVariable is null ? Empty : CasesOf(result.Value, query, watch);
        var passed = test.CaseVariable is null ? result.Value is RegoBoolean { Value: true } : cases.Count > 0 && cases.Values.All(holds => holds);
        if (!passed && watch.IsFresh)
            query.Evaluate((RegoValue?)null, new RegoEvaluationOptions(RegoLimits.Tooling) { Trace = watch });
        return new TestResult(test, passed ? TestStatus.Pass : TestStatus.Fail, duration, cases, passed ? null : watch.LastFailure, null, output);
    }

    private static IReadOnlyDictionary<string, bool> Empty { get; } = new Dictionary<string, bool>();

    private static SortedDictionary<string, bool> CasesOf(RegoValue? value, PreparedQuery query, TestWatch watch)
    {
        var cases = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        query.Evaluate((RegoValue?)null, new RegoEvaluationOptions(RegoLimits.Tooling) { Trace = watch });
        foreach (var name in watch.Cases)
            cases[name] = false;
        if (value is RegoObject results)
        {
            foreach (var (name, holds) in results)
                cases[TestWatch.Text(name)] = Holds(holds);
        }

        return cases;
    }

    private static bool Holds(RegoValue value) => value switch
    {
        RegoBoolean boolean => boolean.Value,
        RegoObject { Count: > 0 } nested => nested.All(pair => Holds(pair.Value)),
        _ => false,
    };
}

/// <summary>Follows one test: which cases it tries, and what failed last in its own text.</summary>
internal sealed class TestWatch(PolicyTest test) : ITraceSink
{
    private readonly SortedSet<string> _cases = new(StringComparer.Ordinal);

    public bool IsFresh { get; private set; } = true;

    public IReadOnlyCollection<string> Cases => _cases;

    public TraceEvent? LastFailure { get; private set; }

    public void Trace(TraceEvent step)
    {
        IsFresh = false;
        if (!test.Contains(step.Location))
            return;
        foreach (var (name, value) in step.Kind == TraceEventKind.Solution ? step.Variables : [])
        {
            if (name == test.CaseVariable)
                _cases.Add(Text(value));
        }

        // The rule itself fails after the expression that made it fail; only the expression says why.
        if (step.Kind == TraceEventKind.Fail && !test.Rules.Any(rule => rule.Location.Offset == step.Location.Offset))
            LastFailure = step;
    }

    public static string Text(RegoValue value) => value is RegoString text ? text.Value : value.ToJson();
}
