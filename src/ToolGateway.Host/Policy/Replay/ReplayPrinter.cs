using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Host.Audit;

namespace ToolGateway.Host.Policy.Replay;

/// <summary>Prints what deciding again gave: calls as they come, then tables of their kinds.</summary>
internal sealed class ReplayPrinter(TextWriter output, bool json)
{
    private readonly IAnsiConsole _console = Terminal.Of(output);

    /// <param name="answer">The new answer; null for a call that is left out.</param>
    /// <param name="what">The change, or why the call is left out.</param>
    public void Each(RecordedCall call, Answer? answer, string what)
    {
        if (json)
        {
            var line = new EachCall(answer is null ? "left_out" : "changed", what, call.Id, call.Time, call.Caller, call.Tool, call.Action, ListedAnswer.Of(call.Answer), answer is null ? null : ListedAnswer.Of(answer));
            output.WriteLine(JsonSerializer.Serialize(line, ShadowReport.JsonLine));
            return;
        }

        var now = answer is null ? $"left out: {what}" : $"{Text(ListedAnswer.Of(call.Answer))} -> {Text(ListedAnswer.Of(answer))}";
        _console.MarkupLine(Terminal.Safe($"{Time(call.Time)} {call.Id} {call.Caller} {call.Tool} {call.Action}: {now}"));
    }

    public void Print(ReplayReport report)
    {
        Changes(report.Changes);
        LeftOut("Not replayed", [.. report.LeftOut.Where(item => item.IsDecided)]);
        LeftOut("No policy decided", [.. report.LeftOut.Where(item => !item.IsDecided)]);
        foreach (var name in report.Nondeterministic)
            _console.MarkupLine($"[yellow]{Terminal.Safe($"the policy calls {name}, which may answer differently each time")}[/]");
        if (report.Unlisted > 0)
            _console.MarkupLine($"{Number(report.Unlisted)} calls are of kinds that are not listed");
        var span = report.From is { } from && report.To is { } to ? $" from {Time(from)} to {Time(to)}" : "";
        _console.MarkupLine(Terminal.Safe(
            $"{Number(report.Records)} decisions{span}: {Number(report.Same)} the same, {Number(report.Changed)} changed, {Number(report.NotReplayed)} not replayed, {Number(report.NotDecided)} not decided by a policy"));
    }

    private void Changes(IReadOnlyList<ListedDifference> changes)
    {
        var table = Table("Changes", "calls", "change", "caller", "tool", "action", "then", "now", "last", "decision");
        foreach (var item in changes)
        {
            table.AddRow(
                Number(item.Count), Terminal.Safe(item.Change), Terminal.Safe(item.Caller), Terminal.Safe(item.Tool), Terminal.Safe(item.Action), Terminal.Safe(Text(item.Current)),
                Terminal.Safe(Text(item.Candidate)), Time(item.Last), Terminal.Safe(item.LastDecision));
        }

        Write(table);
    }

    private void LeftOut(string title, IReadOnlyList<LeftOut> items)
    {
        var table = Table(title, "calls", "why", "caller", "tool", "action", "last", "decision");
        foreach (var item in items)
        {
            table.AddRow(
                Number(item.Count), Terminal.Safe(item.Why), Terminal.Safe(item.Caller), Terminal.Safe(item.Tool), Terminal.Safe(item.Action), Time(item.Last), Terminal.Safe(item.LastDecision));
        }

        Write(table);
    }

    private void Write(Table table)
    {
        if (table.Rows.Count > 0)
            _console.Write(table);
    }

    private static Table Table(string title, params string[] columns)
    {
        var table = new Table { Title = new TableTitle(title), Border = TableBorder.Simple };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(column) { NoWrap = true });
        return table;
    }

    private static string Text(ListedAnswer answer) => answer.Reasons.Count == 0 ? answer.Outcome : $"{answer.Outcome} ({string.Join(", ", answer.Reasons)})";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private sealed record EachCall(
        string Type, string What, string DecisionId, DateTimeOffset Time, string Caller, string Tool, string Action, ListedAnswer Current, ListedAnswer? Candidate);
}
