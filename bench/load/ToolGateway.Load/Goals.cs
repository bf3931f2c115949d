using System.Globalization;
using System.Text;

namespace ToolGateway.Load;

/// <summary>What the gateway is meant to reach, and what a run gave: null where its rows were skipped.</summary>
internal sealed record Goal(string Measure, string Wanted, double? Reached, string Unit);

/// <summary>The ratios that one run is judged by.</summary>
internal static class Goals
{
    public static IReadOnlyList<Goal> Of(IReadOnlyList<Row> rows, double idleMegabytes, TimeSpan ready)
    {
        Row? At(string name, string mode, int connections) =>
            rows.FirstOrDefault(row => row.Name.StartsWith(name, StringComparison.Ordinal) && row.Mode == mode && row.Connections == connections);
        Row? One(string name) => At(name, "closed", 1);
        Row? Sixteen(string name) => At(name, "closed", 16);
        return
        [
            new("row 3 against bare YARP, calls/s at 16 connections", "≥ 0.80", Sixteen(Matrix.GatewayRow)?.PerSecond / Sixteen(Matrix.YarpRow)?.PerSecond, ""),
            new("row 4 against bare YARP, the same", "≥ 0.85", Sixteen("4 ")?.PerSecond / Sixteen(Matrix.YarpRow)?.PerSecond, ""),
            new("added p50 of row 3, one connection", "≤ 40", One(Matrix.GatewayRow)?.P50 - One(Matrix.YarpRow)?.P50, " µs"),
            new("p99 of row 3 against bare YARP's at half of row 3's rate", "≤ 1.5", At(Matrix.GatewayRow, "open", 16)?.P99 / At(Matrix.YarpRow, "open", 16)?.P99, ""),
            new("added p50 of row 6, unix socket, against OPA's Data API, one connection", "≤ 1.3", (One("6 gateway, OPA on unix")?.P50 - One(Matrix.YarpRow)?.P50) / One("6 OPA")?.P50, ""),
            new("row 3 against row 7, calls/s at 16 connections", "≥ 6", Sixteen(Matrix.GatewayRow)?.PerSecond / Sixteen("7 ")?.PerSecond, ""),
            new("resident with idle mTLS connections", "≤ 200", idleMegabytes, " MB"),
            new("process start to ready", "≤ 1", ready.TotalSeconds, " s"),
        ];
    }

    public static string Table(IReadOnlyList<Goal> goals)
    {
        var text = new StringBuilder("\n| measure | goal | this run |\n|---|---|---|\n");
        foreach (var goal in goals)
        {
            var reached = goal.Reached is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:0.00}{goal.Unit}") : "not measured";
            text.Append(CultureInfo.InvariantCulture, $"| {goal.Measure} | {goal.Wanted}{goal.Unit} | {reached} |\n");
        }

        return text.ToString();
    }
}
