
namespace ToolGateway.Load;

/// <summary>One line of the result.</summary>
internal sealed record Row(string Name, int Connections, string Mode, double Rate, double PerSecond, double P50, double P90, double P99, double P999, double Processor, long Errors)
{
    /// <summary>Latency in µs at each of <see cref="Matrix.Quantiles"/>.</summary>
    public required IReadOnlyList<double> Curve { get; init; }
}

/// <summary>Runs every row at every number of connections, interleaved, so that what disturbs the machine disturbs all alike.</summary>
internal sealed class Matrix(IReadOnlyList<Target> targets, Effort effort)
{
    public const string YarpRow = "2 bare YARP";

    public const string GatewayRow = "3 gateway, distinct arguments";

    public static IReadOnlyList<double> Quantiles { get; } = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999];

    public async Task<List<Row>> RunAsync()
    {
        var rows = new List<Row>();
        foreach (var target in targets)
            await Generator.ClosedAsync(target, 16, effort.WarmUp);
        foreach (var connections in effort.Connections)
            rows.AddRange(await ClosedAsync(connections));
        rows.AddRange(await OpenAsync(rows));
        return rows;
    }

    private async Task<IEnumerable<Row>> ClosedAsync(int connections)
    {
        var rounds = targets.ToDictionary(target => target, _ => new List<Measurement>());
        for (var round = 0; round < effort.Rounds; round++)
        {
            foreach (var target in targets)
            {
                Progress($"closed loop, {connections} connections, round {round + 1} of {effort.Rounds}: {target.Name}");
                rounds[target].Add(await Generator.ClosedAsync(target, connections, effort.Duration));
            }
        }

        return rounds.Select(pair => Summarise(pair.Key.Name, connections, "closed", 0, pair.Value));
    }

    /// <summary>Fixed rates: half of what the gateway reached, for all rows alike; a row that cannot keep up with that is called at half of its own.</summary>
    private async Task<IEnumerable<Row>> OpenAsync(IReadOnlyList<Row> closed)
    {
        const int Connections = 16;
        var reached = closed.Where(row => row.Connections == Connections).ToDictionary(row => row.Name, row => row.PerSecond);
        var common = reached.GetValueOrDefault(GatewayRow, reached.Values.Min()) / 2;
        double Rate(Target target) => reached[target.Name] > common ? common : reached[target.Name] / 2;
        var rounds = targets.ToDictionary(target => target, _ => new List<Measurement>());
        for (var round = 0; round < effort.Rounds; round++)
        {
            foreach (var target in targets)
            {
                Progress($"open loop, {Rate(target):0} calls/s, round {round + 1} of {effort.Rounds}: {target.Name}");
                rounds[target].Add(await Generator.OpenAsync(target, Connections, effort.Duration, Rate(target)));
            }
        }

        return rounds.Select(pair => Summarise(pair.Key.Name, Connections, "open", Rate(pair.Key), pair.Value));
    }

    /// <summary>Medians over the rounds: one disturbed round does not move them.</summary>
    private static Row Summarise(string name, int connections, string mode, double rate, List<Measurement> rounds)
    {
        double Median(Func<Measurement, double> of) => rounds.Select(of).Order().ElementAt(rounds.Count / 2);
        double At(double quantile) => Median(round => round.Latencies.Quantile(quantile));
        return new Row(name, connections, mode, rate, Median(round => round.PerSecond), At(0.5), At(0.9), At(0.99), At(0.999), Median(round => round.Processor), rounds.Sum(round => round.Errors))
        {
            Curve = [.. Quantiles.Select(At)],
        };
    }

    private static void Progress(string text) => Console.Error.WriteLine($"[{DateTime.Now:HH:mm:ss}] {text}");
}
