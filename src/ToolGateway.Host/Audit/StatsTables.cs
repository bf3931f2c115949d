using System.Globalization;
using Spectre.Console;

namespace ToolGateway.Host.Audit;

/// <summary>The tables of <c>stats</c>.</summary>
internal static class StatsTables
{
    public static void Print(StatsReport report, IAnsiConsole console)
    {
        console.MarkupLine($"{report.Calls} calls{(report.First is { } first ? $" from {Time(first)} to {Time(report.Last)}" : "")}");
        Groups(console, "Agents", report.Agents);
        Groups(console, "Tools", report.Tools);
        Groups(console, "Reasons", report.Reasons);
        Access(console, report.Access);
        Credentials(console, report.SharedCredentials);
    }

    private static void Groups(IAnsiConsole console, string name, IReadOnlyList<GroupRow> rows)
    {
        var table = Table(name, "Name", "Calls", "Denied", "Errors", "p50 ms", "p99 ms");
        foreach (var row in rows)
            table.AddRow(Terminal.Safe(row.Name), Text(row.Calls), Marked(row.Denials, "red"), Marked(row.Errors, "yellow"), Text(row.P50Milliseconds), Text(row.P99Milliseconds));
        console.Write(table);
    }

    private static void Access(IAnsiConsole console, IReadOnlyList<ReviewedAccess> rows)
    {
        var table = Table("Access", "Agent", "Tool", "Action", "Allowed calls", "Last used");
        foreach (var row in rows)
        {
            var use = row.Calls == 0 ? "[yellow]never used[/]" : Time(row.Last) + (row.MayAttempt ? "" : " [red](no longer allowed)[/]");
            table.AddRow(Terminal.Safe(row.Agent), Terminal.Safe(row.Tool), Terminal.Safe(row.Action), Text(row.Calls), use);
        }

        console.Write(table);
    }

    private static void Credentials(IAnsiConsole console, IReadOnlyList<CredentialRow> rows)
    {
        var table = Table("Credentials seen from several addresses or tasks", "Credential", "Agent", "Calls", "Addresses", "Tasks");
        foreach (var row in rows)
            table.AddRow(Terminal.Safe(row.Credential), Terminal.Safe(row.Agent), Text(row.Calls), Terminal.Safe(string.Join(' ', row.Addresses)), Terminal.Safe(string.Join(' ', row.Tasks)));
        console.Write(table);
    }

    private static Table Table(string title, params string[] columns)
    {
        var table = new Table { Title = new TableTitle(title), Border = TableBorder.Simple };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(column) { NoWrap = true });
        return table;
    }

    private static string Marked(long count, string color) => count == 0 ? "0" : $"[{color}]{Text(count)}[/]";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "";
}
