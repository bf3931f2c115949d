using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Host.Audit;

namespace ToolGateway.Host.Policy;

/// <summary><c>toolgateway policy diff</c>: 0 when the candidate decides the same, 1 when it differs or is refused, 2 when there is nothing to ask.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("SOURCE")
        {
            Description = "The gateway's Management:Address (http://host:port or unix:///path), or - for a report on standard input",
            DefaultValueFactory = _ => "http://127.0.0.1:8082",
        };
        var format = AuditOptionsOf.Format();
        var command = new Command("diff", "List how the candidate policy of a running gateway (Decisions:Shadow) differs from the policy in effect.") { source, format };
        command.SetAction(async (result, cancellation) =>
        {
            var console = result.InvocationConfiguration;
            var (report, problem) = await ShadowClient.GetAsync(result.GetRequiredValue(source), cancellation);
            if (report is null)
            {
                await console.Error.WriteLineAsync(problem);
                return ExitCodes.Usage;
            }

            if (result.GetValue(format) == "json")
                await console.Output.WriteLineAsync(JsonSerializer.Serialize(report, ShadowReport.Json));
            else
                Print(report, console.Output);
            return report.Different > 0 || report.Errors.Count > 0 ? ExitCodes.Fault : ExitCodes.Success;
        });
        return command;
    }

    private static void Print(ShadowReport report, TextWriter output)
    {
        var console = Terminal.Of(output);
        foreach (var error in report.Errors)
            console.MarkupLine($"[red]refused:[/] {Terminal.Safe(error)}");
        console.MarkupLine(report.Since is { } since
            ? Terminal.Safe($"candidate {report.Revision ?? "of unknown revision"} ({report.Engine}) beside {report.PolicyRevision ?? "the sidecar's policy"} since {Time(since)}")
            : "no candidate has been read");
        if (report.Differences.Count > 0)
            console.Write(Table(report.Differences));
        console.MarkupLine(Summary(report));
    }

    private static Table Table(IReadOnlyList<ListedDifference> differences)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in new[] { "calls", "change", "caller", "tool", "action", "now", "candidate", "last", "decision" })
            table.AddColumn(new TableColumn(column) { NoWrap = true });
        foreach (var item in differences)
        {
            var color = item.Change switch { Change.NewlyAllowed => "yellow", Change.NewlyDenied or Change.Failed => "red", _ => "blue" };
            table.AddRow(
                Number(item.Count), $"[{color}]{Terminal.Safe(item.Change)}[/]", Terminal.Safe(item.Caller), Terminal.Safe(item.Tool), Terminal.Safe(item.Action),
                Terminal.Safe(Text(item.Current)), Terminal.Safe(Text(item.Candidate)), Time(item.Last), Terminal.Safe(item.LastDecision));
        }

        return table;
    }

    private static string Text(ListedAnswer answer)
    {
        var text = answer.Visible is { } names ? $"{{{string.Join(", ", names)}}}" : answer.Outcome;
        if (answer.Reasons.Count > 0)
            text += $" ({string.Join(", ", answer.Reasons)})";
        if (answer.Obligations is { } obligations)
            text += $" {obligations}";
        return answer.CacheSeconds is { } seconds ? $"{text} cache_seconds={seconds.ToString(CultureInfo.InvariantCulture)}" : text;
    }

    private static string Summary(ShadowReport report)
    {
        var parts = new List<string> { $"{Number(report.Same)} the same", $"{Number(report.Different)} different" };
        AddSome(report.Unavailable, "not answered by the candidate");
        AddSome(report.Dropped, "left out because the candidate is too slow");
        AddSome(report.Waiting, "waiting");
        AddSome(report.Unlisted, "different but not listed");
        return $"{Number(report.Same + report.Different + report.Unavailable)} decisions compared: {string.Join(", ", parts)}";

        void AddSome(long count, string text)
        {
            if (count > 0)
                parts.Add($"{Number(count)} {text}");
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
