using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ToolGateway.Rego;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Host.Policy;

/// <summary><c>toolgateway policy bench</c>: what one evaluation costs.</summary>
internal static class BenchCommand
{
    private const int Batches = 20;

    public static Command Create()
    {
        var query = new Argument<string>("QUERY") { Description = "A document or query" };
        var data = PolicyOptions.Data();
        var input = PolicyOptions.Input();
        var seconds = new Option<double>("--seconds") { Description = "How long to measure", DefaultValueFactory = _ => 2 };
        var format = PolicyOptions.Format("pretty", "json");
        var command = new Command("bench", "Measure the time and memory of one evaluation.") { query, data, input, seconds, format };
        command.SetAction(result =>
        {
            var console = result.InvocationConfiguration;
            var set = PolicySet.Read(result.GetValue(data) ?? []);
            if (!set.Report(console.Error))
                return ExitCodes.Fault;
            if (!InputFile.TryRead(result.GetValue(input), console.Error, out var value))
                return ExitCodes.Usage;
            var preparation = set.Policy!.Prepare(result.GetRequiredValue(query));
            if (preparation.Query is not { } prepared)
                return new EvalOutput("pretty", console.Output).Fail(preparation.Errors, [], set.Files.Sources, console.Error);
            var figures = Measure(prepared, value, TimeSpan.FromSeconds(Math.Max(result.GetValue(seconds), 0.05)));
            Write(figures, result.GetValue(format) == "json", console.Output);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Figures Measure(PreparedQuery query, RegoValue? input, TimeSpan duration)
    {
        var options = new RegoEvaluationOptions(RegoLimits.Tooling) { StrictBuiltinErrors = true };
        var steps = query.Evaluate(input, options).Steps;
        var perBatch = Calibrate(query, input, options, duration / (Batches + 5));
        var times = new double[Batches];
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Batches; i++)
            times[i] = Time(query, input, options, perBatch).TotalNanoseconds / perBatch;
        allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / ((long)Batches * perBatch);
        Array.Sort(times);
        return new Figures((long)Batches * perBatch, times[Batches / 2], times[0], times[^1], allocated, steps);
    }

    private static int Calibrate(PreparedQuery query, RegoValue? input, RegoEvaluationOptions options, TimeSpan batch)
    {
        var count = 1;
        while (count < 1 << 24 && Time(query, input, options, count) < batch)
            count *= 2;
        return count;
    }

    private static TimeSpan Time(PreparedQuery query, RegoValue? input, RegoEvaluationOptions options, int count)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
            query.Evaluate(input, options);
        return Stopwatch.GetElapsedTime(started);
    }

    private static void Write(Figures figures, bool json, TextWriter output)
    {
        if (json)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"evaluations\":{figures.Count},\"median_ns\":{figures.Median:0},\"min_ns\":{figures.Least:0},\"max_ns\":{figures.Most:0},\"bytes\":{figures.Bytes},\"steps\":{figures.Steps}}}"));
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figures.Count} evaluations of {figures.Steps} steps"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"time    {figures.Median / 1000:0.00} µs median, {figures.Least / 1000:0.00} to {figures.Most / 1000:0.00} µs"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory  {figures.Bytes} bytes"));
    }

    private sealed record Figures(long Count, double Median, double Least, double Most, long Bytes, long Steps);
}
