using System.Globalization;
using ToolGateway.Load;

namespace ToolGateway.Faults;

/// <summary>Full load in little memory: it must fit, and not grow.</summary>
internal static class MemoryFault
{
    private const int LimitMegabytes = 256;
    private const int Connections = 16;

    /// <summary>What the runtime would choose in a container of 256 MB: three quarters.</summary>
    private const string HeapLimit = "C000000";

    public static Fault Of(double minutes) => new("gateway-memory", string.Create(
        CultureInfo.InvariantCulture, $"{minutes:0.#} min at full load from {Connections} connections, heap limited to 192 MB (DOTNET_GCHeapHardLimit), resident memory to stay below {LimitMegabytes} MB"), site => RunAsync(site, minutes))
    {
        HasBackground = false,
        Attach = static site => site.Variables["DOTNET_GCHeapHardLimit"] = HeapLimit,
        Configure = static fixture => fixture.Configuration["Audit"]!["SegmentBytes"] = 64 << 20,
    };

    private static async Task RunAsync(Site site, double minutes)
    {
        var load = Generator.ClosedAsync(site.Target("/tools/crm/customers/########"), Connections, TimeSpan.FromMinutes(minutes));
        var samples = new List<double>();
        while (await Task.WhenAny(load, Task.Delay(500)) != load)
            samples.Add(site.Gateway.ResidentMegabytes);
        var measured = await load;
        site.Measured = measured;
        Judge(site, samples);
        site.Notes.Add(string.Create(
            CultureInfo.InvariantCulture, $"{measured.PerSecond:0} calls/s, p50 {measured.Latencies.Quantile(0.5) / 1000:0.0} ms, p99 {measured.Latencies.Quantile(0.99) / 1000:0.0} ms"));
        if (measured.Errors > 0)
            site.Violations.Add($"{measured.Errors} calls were not answered with 200");
    }

    /// <summary>The first tenth warms up; of the rest, the last third against the first.</summary>
    private static void Judge(Site site, List<double> samples)
    {
        double[] warm = [.. samples.Skip(samples.Count / 10)];
        var (first, last) = (warm.Take(warm.Length / 3).Average(), warm.TakeLast(warm.Length / 3).Average());
        site.Notes.Add(string.Create(CultureInfo.InvariantCulture, $"resident on average {first:0} MB in the first third and {last:0} MB in the last, at most {samples.Max():0} MB"));
        if (last > (first * 1.1) + 5)
            site.Violations.Add(string.Create(CultureInfo.InvariantCulture, $"memory grew from {first:0} MB to {last:0} MB"));
        if (samples.Max() > LimitMegabytes)
            site.Violations.Add(string.Create(CultureInfo.InvariantCulture, $"{samples.Max():0} MB were resident"));
    }
}
