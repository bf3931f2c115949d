using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ToolGateway.Load;

/// <summary>One measurement of <see cref="Growth"/>.</summary>
internal sealed record GrowthPoint(string Dimension, int Size, double PerSecond, double P50, double P99, double Processor, double ReadyMilliseconds, double ResidentMegabytes, long Errors);

/// <summary>How the cost of a call grows with what is configured, with what is sent, and with who is connected.</summary>
internal sealed class Growth(Scratch scratch, Effort effort)
{
    private const int Connections = 16;

    private static readonly string[] Configured = ["agents", "grants", "rules", "tools"];

    private readonly IPEndPoint _gateway = new(IPAddress.Loopback, scratch.GatewayPort);

    public static async Task<int> RunAsync(string repository, string results, Effort effort)
    {
        var toolPort = Scratch.FreePort();
        using var scratch = new Scratch(repository, toolPort);
        await using var tool = await Child.StartAsync("tool", toolPort.ToString(CultureInfo.InvariantCulture));
        var points = new List<GrowthPoint>();

        // Written after each: the largest sizes take long, and a run that is stopped keeps what it has.
        await foreach (var point in new Growth(scratch, effort).MeasureAsync())
        {
            points.Add(point);
            Write(results, points);
        }

        Console.WriteLine(Table(points));
        return points.Any(point => point.Errors > 0) ? 1 : 0;
    }

    private async IAsyncEnumerable<GrowthPoint> MeasureAsync()
    {
        await using (var plain = await Child.StartAsync("gateway", Path.Combine(scratch.Directory, "plain.json")))
        {
            foreach (var size in effort.Bodies)
                yield return await MeasureAsync("body bytes", size, plain, Refund(size), Connections);
            foreach (var count in effort.Connections)
                yield return await MeasureAsync("connections", count, plain, Target.Get("/tools/crm/customers/########", scratch.Token), count);
        }

        foreach (var dimension in Configured)
        {
            foreach (var size in effort.Sizes)
            {
                await using var gateway = await Child.StartAsync("gateway", scratch.Grow(dimension, size));
                yield return await MeasureAsync(dimension, size, gateway, Target.Get("/tools/crm/customers/########", scratch.Token), Connections);
            }
        }
    }

    private byte[] Refund(int size) => size == 0
        ? Target.Get("/tools/crm/customers/########", scratch.Token)
        : Target.Post("/tools/crm/refunds", $$"""{"order":"A-17","note":"{{new string('x', size)}}"}""", scratch.Token, "Agent-Task: T-1\r\n");

    private async Task<GrowthPoint> MeasureAsync(string dimension, int size, Child gateway, byte[] request, int connections)
    {
        var target = new Target(dimension, _gateway, request, Server: gateway);
        await Generator.ClosedAsync(target, connections, effort.WarmUp);
        var result = await Generator.ClosedAsync(target, connections, effort.Duration);
        Console.Error.WriteLine($"{dimension} {size}: {result.Processor:0} µs of processor time a call, p50 {result.Latencies.Quantile(0.5):0} µs, ready after {gateway.ReadyAfter.TotalSeconds:0.0} s");
        return new GrowthPoint(
            dimension, size, result.PerSecond, result.Latencies.Quantile(0.5), result.Latencies.Quantile(0.99), result.Processor, gateway.ReadyAfter.TotalMilliseconds,
            gateway.ResidentMegabytes, result.Errors);
    }

    private static void Write(string directory, IReadOnlyList<GrowthPoint> points)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "growth.md"), Table(points));
        File.WriteAllText(Path.Combine(directory, "growth.json"), JsonSerializer.Serialize(points, Report.Indented));
        var lines = points.GroupBy(point => point.Dimension).Select(group =>
            (group.Key, (IReadOnlyList<(double, double)>)[.. group.Select(point => (X(point.Size), point.Processor))]));
        File.WriteAllText(
            Path.Combine(directory, "growth.svg"),
            Svg.Lines("Processor time of the gateway for a call, µs, by size", [.. Enumerable.Range(0, 7).Select(power => (power / 6d, $"{Math.Pow(10, power):0}"))], [.. lines]));
    }

    private static double X(int size) => Math.Log10(Math.Max(1, size)) / 6;

    private static string Table(IReadOnlyList<GrowthPoint> points)
    {
        var text = new StringBuilder("| what grows | size | CPU µs a call | p50 µs | p99 µs | calls/s | ready ms | resident MB | errors |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var point in points)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| {point.Dimension} | {point.Size} | {point.Processor:0} | {point.P50:0} | {point.P99:0} | {point.PerSecond:0} | {point.ReadyMilliseconds:0} | {point.ResidentMegabytes:0} | {point.Errors} |\n");
        }

        text.Append("\nGrowth from the smallest to the largest size, as the exponent of a power law of CPU time (0 is constant, 1 is linear, more is super-linear): ");
        return text.AppendJoin(", ", points.Where(point => point.Size > 0).GroupBy(point => point.Dimension).Where(group => group.Skip(1).Any()).Select(Exponent)).Append(".\n").ToString();
    }

    private static string Exponent(IGrouping<string, GrowthPoint> group)
    {
        var (first, last) = (group.First(), group.Last());
        var exponent = Math.Log(last.Processor / first.Processor) / Math.Log((double)last.Size / first.Size);
        return string.Create(CultureInfo.InvariantCulture, $"{group.Key} {exponent:0.00}{(exponent > 1.05 ? " (super-linear)" : "")}");
    }
}
