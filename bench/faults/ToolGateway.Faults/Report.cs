using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ToolGateway.Faults;

/// <summary>The table, for people and as JSON.</summary>
internal static class Report
{
    public static void Write(string directory, IReadOnlyList<Result> results, IReadOnlyDictionary<string, string> skipped, bool isWhole)
    {
        var table = Table(results, skipped);
        Console.WriteLine(table);
        if (!isWhole)
            return;
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "faults.md"), table);
        File.WriteAllText(Path.Combine(directory, "faults.json"), JsonSerializer.Serialize(new { facts = Facts(), results, skipped }, Load.Report.Indented));
    }

    private static string Table(IReadOnlyList<Result> results, IReadOnlyDictionary<string, string> skipped)
    {
        var text = new StringBuilder("| fault | callers saw | slowest (limit) | tool saw | audit log | recovered after | held |\n|---|---|---|---|---|---|---|\n");
        foreach (var row in results)
        {
            var notes = row.Notes.Count > 0 ? $" ({string.Join("; ", row.Notes)})" : "";
            var recovery = row.RecoveryMs is { } value ? Seconds(value) : "–";
            text.Append(CultureInfo.InvariantCulture,
                $"| **{row.Name}**: {row.What}{notes} | {row.CallersText()} | {Seconds(row.SlowestMs)} ({Seconds(row.LimitMs)} + {Seconds(row.SlackMs)}) | {row.ToolCalls} calls | {row.Log} | {recovery} | {(row.Violations.Count == 0 ? "yes" : "NO: " + string.Join("; ", row.Violations))} |\n");
        }

        foreach (var (name, why) in skipped)
            text.Append(CultureInfo.InvariantCulture, $"| **{name}** | skipped: {why} | | | | | |\n");
        var facts = Facts();
        return text.Append("\n*held*: no call reached the tool without a recorded allow, every decision has an outcome or a recovery note, `audit verify` finds no fault, and no answer took longer than the ")
            .Append("limits of the configuration and the slack (1 s, and as long as this machine kept the harness itself from running).\n")
            .Append(CultureInfo.InvariantCulture, $"\n{facts.Date}, {facts.Cores} cores, {facts.Os}, {facts.Runtime}; {results.Sum(row => row.Seconds):0} s.\n").ToString();
    }

    private static string Seconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.00} s");

    private static Facts Facts() => new(
        DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription);
}

/// <summary>Where and when the table was made.</summary>
internal sealed record Facts(string Date, int Cores, string Os, string Runtime);
