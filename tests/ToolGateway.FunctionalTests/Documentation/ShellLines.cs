using System.Text.RegularExpressions;

namespace ToolGateway.FunctionalTests.Documentation;

/// <summary>Which test runs which of the lines that pages and samples show for a shell.</summary>
internal static class ShellLines
{
    private static readonly (string Pattern, Type Class, string Test)[] Runners =
    [
        ("^toolgateway ", typeof(CommandTests), nameof(CommandTests.Commands_OfEveryPage_Run)),
        ("^curl --cert ", typeof(SnippetTests), nameof(SnippetTests.Curl_WithASvid_GetsTheToolsAnswer)),
        ("^(export CERTIFICATE=|dotnet run --project samples/McpClient )", typeof(SampleCommandTests), nameof(SampleCommandTests.McpClient_AsThePageRunsIt_ListsAndCalls)),
        ("^sudo chown ", typeof(SampleCommandTests), nameof(SampleCommandTests.Chown_OfTheSample_GivesTheFilesAway)),
        ("^kubectl kustomize ", typeof(SampleCommandTests), nameof(SampleCommandTests.Kustomize_AsTheSampleRunsIt_BuildsIt)),
        ("^kubectl (describe|get) ", typeof(OperatorCommandTests), nameof(OperatorCommandTests.Kubectl_OfEveryPage_KnowsTheCommand)),
        ("^systemctl ", typeof(OperatorCommandTests), nameof(OperatorCommandTests.Systemctl_OfEveryPage_KnowsTheCommand)),
        ("^openssl ", typeof(OperatorCommandTests), nameof(OperatorCommandTests.Openssl_OfEveryPage_Runs)),
        ("^ulimit ", typeof(OperatorCommandTests), nameof(OperatorCommandTests.Ulimit_OfEveryPage_Runs)),
        ("^opa ", typeof(OpaCommandTests), nameof(OpaCommandTests.Opa_OfEveryPage_Runs)),
        (@"^bench/load/run\.sh", typeof(BenchCommandTests), nameof(BenchCommandTests.Load_OfEveryPage_RunsOnTrial)),
        (@"^bench/faults/run\.sh", typeof(BenchCommandTests), nameof(BenchCommandTests.Faults_OfEveryPage_ListWhatTheyRun)),
        (@"^dotnet run -c Release --project bench/ToolGateway\.(Rego\.)?Benchmarks ", typeof(BenchCommandTests), nameof(BenchCommandTests.Benchmarks_OfEveryPage_ListAndRunDry)),
    ];

    /// <summary>Every line, with where it stands.</summary>
    public static IReadOnlyList<(string Place, string Line)> All { get; } =
    [
        .. Pages.All.SelectMany(static page => Pages.ShellLines(page).Concat(Pages.InlineLines(page)).Select(line => (page, line))),
        .. Pages.Samples.SelectMany(static sample => Pages.CommentedLines(sample).Select(line => (sample, line))),
    ];

    /// <summary>The lines that a test has to run, each once.</summary>
    public static string[] Of(string test)
    {
        var pattern = Runners.Single(runner => runner.Test == test).Pattern;
        var lines = All.Select(static entry => entry.Line).Where(line => Regex.IsMatch(line, pattern)).Distinct(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(lines);
        return lines;
    }

    /// <summary>The tests that run a line.</summary>
    public static IEnumerable<(Type Class, string Test)> RunnersOf(string line) => Runners.Where(runner => Regex.IsMatch(line, runner.Pattern)).Select(static runner => (runner.Class, runner.Test));

    /// <summary>The line without what it says to its reader.</summary>
    public static string WithoutComment(string line) => Regex.Replace(line, @"\s+#\s.*$", "");
}
