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
    /// Calls are due at a constant rate, whether or not earlier ones are answered, and each counts from when it was due. A thread for each connection, which sleeps and waits in the kernel:
    /// timers of the runtime count in whole milliseconds, in which many calls would fall due at once, and waking its pool for each call would take more of the machine than the call.
    /// </summary>
    public static Task<Measurement> OpenAsync(Target target, int connections, TimeSpan duration, double perSecond) =>
        RunAsync(target, connections, duration, (client, index, start, until, latencies) => Task.Factory.StartNew(
            () => Pace(client, start + (long)(index * Stopwatch.Frequency / perSecond), connections * Stopwatch.Frequency / perSecond, until, latencies),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));

    private static long Pace(Client client, long start, double step, long until, Histogram latencies)
    {
        long errors = 0;
        for (var call = 0L; start + (long)(call * step) is var due && due < until; call++)
        {
            MonotonicClock.SleepUntil(due);
            if (!client.Send())
                errors++;
            latencies.Add(Stopwatch.GetElapsedTime(due));
        }

        return errors;
    }

    private static async Task<Measurement> RunAsync(
        Target target, int connections, TimeSpan duration, Func<Client, int, long, long, Histogram, Task<long>> body)
    {
        var clients = new Client[connections];
        for (var i = 0; i < connections; i++)
        {
            clients[i] = new Client(target);
            clients[i].Connect();
        }

        // New connections and a server that was idle are not what is measured.
        await DriveAsync(clients, duration / 10, body);
        var processor = target.Server?.ProcessorTime ?? default;
        var start = Stopwatch.GetTimestamp();
        var (errors, histograms) = await DriveAsync(clients, duration, body);
        var elapsed = Stopwatch.GetElapsedTime(start);
        processor = (target.Server?.ProcessorTime ?? default) - processor;
        var all = new Histogram();
        foreach (var histogram in histograms)
            all.Add(histogram);
        foreach (var client in clients)
            await client.DisposeAsync();
        return new Measurement(all.Count / elapsed.TotalSeconds, all, errors, processor.TotalMicroseconds / Math.Max(1, all.Count));
    }

    private static async Task<(long Errors, Histogram[] Latencies)> DriveAsync(Client[] clients, TimeSpan duration, Func<Client, int, long, long, Histogram, Task<long>> body)
    {
        var start = Stopwatch.GetTimestamp();
        var until = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var latencies = clients.Select(_ => new Histogram()).ToArray();
        var errors = await Task.WhenAll(clients.Select((client, index) => Task.Run(() => body(client, index, start, until, latencies[index]))));
        return (errors.Sum(), latencies);
    }
}
