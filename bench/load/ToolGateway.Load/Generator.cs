using System.Diagnostics;

namespace ToolGateway.Load;

/// <summary>What one measurement gave.</summary>
/// <param name="Processor">Processor time of the called process for each call, in µs; waiting for a busy machine is not in it.</param>
internal sealed record Measurement(double PerSecond, Histogram Latencies, long Errors, double Processor);

/// <summary>Drives a target from many connections.</summary>
internal static class Generator
{
    /// <summary>Each connection sends as soon as it has its answer: finds the maximum rate.</summary>
    public static Task<Measurement> ClosedAsync(Target target, int connections, TimeSpan duration) =>
        RunAsync(target, connections, duration, static async (client, _, _, until, latencies) =>
        {
            long errors = 0;
            while (Stopwatch.GetTimestamp() < until)
            {
                var started = Stopwatch.GetTimestamp();
                if (!await client.SendAsync(CancellationToken.None))
                    errors++;
                latencies.Add(Stopwatch.GetElapsedTime(started));
            }

            return errors;
        });

    /// <summary>
    /// Calls are due at a constant rate, whether or not earlier ones are answered. A call that had to wait for its connection counts from when it was due; the lateness of
    /// the timer of an idle connection is the generator's and does not count.
    /// </summary>
    public static Task<Measurement> OpenAsync(Target target, int connections, TimeSpan duration, double perSecond) =>
        RunAsync(target, connections, duration, async (client, index, start, until, latencies) =>
        {
            var step = connections / perSecond * Stopwatch.Frequency;
            var due = start + (index * step / connections);
            long errors = 0;
            for (; due < until; due += step)
            {
                var now = Stopwatch.GetTimestamp();
                var from = due;
                if (now < due)
                {
                    await Task.Delay(TimeSpan.FromSeconds((due - now) / Stopwatch.Frequency));
                    from = Stopwatch.GetTimestamp();
                }

                if (!await client.SendAsync(CancellationToken.None))
                    errors++;
                latencies.Add(Stopwatch.GetElapsedTime((long)from));
            }

            return errors;
        });

    private static async Task<Measurement> RunAsync(
        Target target, int connections, TimeSpan duration, Func<Client, int, long, long, Histogram, Task<long>> body)
    {
        var clients = new Client[connections];
        for (var i = 0; i < connections; i++)
        {
            clients[i] = new Client(target);
            await clients[i].ConnectAsync(CancellationToken.None);
        }

        var processor = target.Server?.ProcessorTime ?? default;
        var start = Stopwatch.GetTimestamp();
        var until = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var histograms = clients.Select(_ => new Histogram()).ToArray();
        var errors = await Task.WhenAll(clients.Select((client, index) => Task.Run(() => body(client, index, start, until, histograms[index]))));
        var elapsed = Stopwatch.GetElapsedTime(start);
        processor = (target.Server?.ProcessorTime ?? default) - processor;
        var all = new Histogram();
        foreach (var histogram in histograms)
            all.Add(histogram);
        foreach (var client in clients)
            await client.DisposeAsync();
        return new Measurement(all.Count / elapsed.TotalSeconds, all, errors.Sum(), processor.TotalMicroseconds / Math.Max(1, all.Count));
    }
}
