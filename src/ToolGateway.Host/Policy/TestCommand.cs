using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using ToolGateway.Rego.Values;

namespace ToolGateway.Host.Policy;

/// <summary><c>toolgateway policy test</c>: exit codes and JSON as <c>opa test</c>.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var paths = PolicyOptions.Paths();
        var run = new Option<string?>("--run", "-r") { Description = "Run only tests whose full name matches this regular expression" };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "List every test and what it printed" };
        var coverage = new Option<bool>("--coverage", "-c") { Description = "Report the lines that the tests evaluate" };
        var skipped = new Option<bool>("--exit-zero-on-skipped", "-z") { Description = "Skipped tests do not make the command fail" };
        var format = PolicyOptions.Format("pretty", "json");
        run.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } pattern && !IsPattern(pattern))
                result.AddError($"--run: '{pattern}' is no regular expression");
        });
        var command = new Command("test", "Run the tests of policies (rules named test_…).") { paths, run, verbose, coverage, skipped, format };
        command.SetAction(result =>
        {
            var console = result.InvocationConfiguration;
            var set = PolicySet.Read(result.GetRequiredValue(paths));
            if (!set.Report(console.Error))
                return ExitCodes.Fault;
            var lines = result.GetValue(coverage) ? new Coverage(set.Files.Sources, set.Policy!) : null;
            var runner = new PolicyTestRunner(set.Policy!, lines);
            var pattern = result.GetValue(run) is { } text ? new Regex(text, RegexOptions.NonBacktracking) : null;
            var results = PolicyTest.Of(set.Policy!).Where(test => pattern?.IsMatch($"{test.Package}.{test.Name}") ?? true).Select(runner.Run).ToList();
            var report = new TestReport(console.Output, result.GetValue(verbose));
            if (lines is not null)
                WriteCoverage(lines.Files(), result.GetValue(format) == "json", report, results, console.Output);
            else if (result.GetValue(format) == "json")
                console.Output.WriteLine(JsonIndent.Format(TestReport.Json(results).ToJson()));
            else
                report.Write(results);
            return ExitCode(results, result.GetValue(skipped));
        });
        return command;
    }

    private static int ExitCode(List<TestResult> results, bool zeroOnSkipped)
    {
        var failed = results.Any(result => result.Status is TestStatus.Fail or TestStatus.Error || (result.Status == TestStatus.Skipped && !zeroOnSkipped));
        return failed ? ExitCodes.Fault : ExitCodes.Success;
    }

    private static void WriteCoverage(IReadOnlyList<FileCoverage> files, bool json, TestReport report, List<TestResult> results, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(JsonIndent.Format(JsonObject.Of(
                ("files", RegoObject.From(files.Select(file => KeyValuePair.Create(JsonObject.Text(file.File), (RegoValue)file.ToJson())))),
                ("covered_lines", RegoNumber.Of(files.Sum(file => file.Covered.Count))),
                ("not_covered_lines", RegoNumber.Of(files.Sum(file => file.NotCovered.Count))),
                ("coverage", RegoNumber.Parse(Coverage.Percent(files).ToString(CultureInfo.InvariantCulture)))).ToJson()));
            return;
        }

        report.Write(results);
        foreach (var file in files)
        {
            var missing = string.Join(", ", FileCoverage.Ranges(file.NotCovered).Select(range => range.Start == range.End ? $"{range.Start}" : $"{range.Start}-{range.End}"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Coverage.Percent([file]),6:0.##} % {file.File}{(missing.Length == 0 ? "" : $"  not covered: {missing}")}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Coverage.Percent(files),6:0.##} % of the lines of rules"));
    }

    private static bool IsPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
