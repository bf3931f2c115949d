using System.Globalization;
using ToolGateway.Rego.Values;

namespace ToolGateway.Host.Policy;

/// <summary>Writes the results of tests.</summary>
internal sealed class TestReport(TextWriter output, bool verbose)
{
    public void Write(IReadOnlyList<TestResult> results)
    {
        foreach (var file in results.GroupBy(result => result.Test.Location.File))
        {
            var shown = file.Where(result => verbose || result.Status != TestStatus.Pass).ToList();
            if (shown.Count == 0)
                continue;
            output.WriteLine($"{file.Key}:");
            foreach (var result in shown)
                WriteOne(result);
            output.WriteLine();
        }

        WriteCounts(results);
    }

    public static RegoArray Json(IEnumerable<TestResult> results) => RegoArray.From(results.Select(Json));

    private void WriteOne(TestResult result)
    {
        var duration = string.Create(CultureInfo.InvariantCulture, $"{result.Duration.TotalMilliseconds:0.###}ms");
        output.WriteLine($"{result.Test.Package}.{result.Test.Name}: {Word(result.Status)} ({duration})");
        foreach (var (name, holds) in result.Cases)
        {
            if (verbose || !holds)
                output.WriteLine($"  {name}: {(holds ? "PASS" : "FAIL")}");
        }

        if (result.Error is { } error)
            output.WriteLine($"  {error}");
        if (result.Failure is { } failure)
        {
            output.WriteLine($"  {failure.Location}: {TraceWriter.Short(failure.Location.Text)}");
            foreach (var (name, value) in failure.Variables)
                output.WriteLine($"    {name}: {TraceWriter.Short(value.ToJson())}");
        }

        if (result.Output.Count == 0 || (!verbose && result.Status == TestStatus.Pass))
            return;
        foreach (var line in result.Output)
            output.WriteLine($"  | {line}");
    }

    private void WriteCounts(IReadOnlyList<TestResult> results)
    {
        foreach (var status in new[] { TestStatus.Pass, TestStatus.Fail, TestStatus.Error, TestStatus.Skipped })
        {
            var count = results.Count(result => result.Status == status);
            if (count > 0)
                output.WriteLine($"{Word(status)}: {count}/{results.Count}");
        }

        if (results.Count == 0)
            output.WriteLine("no test cases found");
    }

    private static string Word(TestStatus status) => status.ToString().ToUpperInvariant();

    private static RegoObject Json(TestResult result)
    {
        var members = new List<(string, RegoValue)>
        {
            ("location", ErrorJson.Location(result.Test.Location)),
            ("package", JsonObject.Text(result.Test.Package)),
            ("name", JsonObject.Text(result.Test.Name)),
            ("duration", RegoNumber.Of((long)result.Duration.TotalNanoseconds)),
        };
        if (result.Status == TestStatus.Fail)
            members.Add(("fail", RegoBoolean.True));
        if (result.Status == TestStatus.Skipped)
            members.Add(("skip", RegoBoolean.True));
        if (result.Error is { } error)
            members.Add(("error", JsonObject.Of(("code", JsonObject.Text(error.Code)), ("message", JsonObject.Text(error.Message)))));
        if (result.Output.Count > 0)
            members.Add(("output", JsonObject.Text(string.Join('\n', result.Output))));
        if (result.Cases.Count > 0)
            members.Add(("sub_results", RegoObject.From(result.Cases.Select(pair => KeyValuePair.Create(JsonObject.Text(pair.Key), (RegoValue)Case(pair.Value))))));
        return JsonObject.Of([.. members]);
    }

    private static RegoObject Case(bool holds) => holds ? RegoObject.Empty : JsonObject.Of(("fail", RegoBoolean.True));
}
