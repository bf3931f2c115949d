using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ToolGateway.Load;

/// <summary>Writes what was measured: a table, a JSON file and plots.</summary>
internal static class Report
{
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static void Write(string directory, IReadOnlyList<Row> rows, IReadOnlyList<Goal> goals, IReadOnlyDictionary<string, string> skipped, object facts, IReadOnlyDictionary<string, double> stages, IReadOnlyDictionary<string, double> mtlsStages)
    {
        Directory.CreateDirectory(directory);
        var table = Table(rows, skipped, stages, mtlsStages) + Goals.Table(goals) + Facts(facts);
        Console.WriteLine(table);
        File.WriteAllText(Path.Combine(directory, "load.md"), table);
        File.WriteAllText(Path.Combine(directory, "load.json"), JsonSerializer.Serialize(new { facts, goals, rows, skipped, stages_us = stages, mtls_stages_us = mtlsStages }, Indented));
        File.WriteAllText(Path.Combine(directory, "throughput.svg"), Svg.Bars(
            "Calls per second, 16 connections, closed loop",
            [.. rows.Where(row => row is { Mode: "closed", Connections: 16 }).Select(row => (row.Name, row.PerSecond))]));
        File.WriteAllText(Path.Combine(directory, "latency.svg"), Svg.Curves(
            "Latency by percentile at a fixed rate, µs",
            [.. rows.Where(row => row.Mode == "open").Select(row => (row.Name, row.Curve))]));
        File.WriteAllText(Path.Combine(directory, "stages.svg"), Svg.Bars("Mean time of each stage, µs", [.. stages.Select(stage => (stage.Key, stage.Value))]));
    }

    public static string Table(IReadOnlyList<Row> rows, IReadOnlyDictionary<string, string> skipped, params IReadOnlyDictionary<string, double>[] stages)
    {
        var text = new StringBuilder("| row | connections | loop | calls/s | of bare YARP | p50 µs | p99 µs | p99.9 µs | p99 of YARP's | CPU µs | of YARP's | errors |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var row in rows)
        {
            var yarp = rows.FirstOrDefault(other => other.Mode == row.Mode && other.Rate == row.Rate && other.Connections == row.Connections
                && other.Name == (row.Name.Contains("mTLS", StringComparison.Ordinal) ? "8 bare YARP, mTLS" : Matrix.YarpRow));
            var rate = row.Mode == "open" ? $"open {row.Rate:0}/s" : "closed";
            text.Append(CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.Connections} | {rate} | {row.PerSecond:0} | {row.PerSecond / yarp?.PerSecond:0.00} | {row.P50:0} | {row.P99:0} | {row.P999:0} | {row.P99 / yarp?.P99:0.00} | {row.Processor:0} | {row.Processor / yarp?.Processor:0.00} | {row.Errors} |\n");
        }

        foreach (var (name, why) in skipped)
            text.Append(CultureInfo.InvariantCulture, $"| {name} | | skipped: {why} | | | | | | | | | |\n");
        text.Append("\nMean time of the gateway's stages, all rows of the run: ").AppendJoin("; with mTLS: ", stages.Select(List)).Append(".\n");
        return text.ToString();
    }

    private static string List(IReadOnlyDictionary<string, double> stages) =>
        string.Join(", ", stages.OrderBy(stage => stage.Key, StringComparer.Ordinal).Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Key} {stage.Value:0.0} µs")));

    private static string Facts(object facts) => "\n" + string.Concat(
        JsonSerializer.SerializeToElement(facts).EnumerateObject().Select(fact => $"- {fact.Name}: {fact.Value}\n"));
}
