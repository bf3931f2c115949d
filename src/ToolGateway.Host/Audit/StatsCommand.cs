using System.CommandLine;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using ToolGateway.Audit.Reading;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Hosting;

namespace ToolGateway.Host.Audit;

/// <summary><c>toolgateway audit stats</c>: who calls what, how often it is refused, and what reach is not used.</summary>
internal static class StatsCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "Directory of the log, or one segment of it" };
        var config = new Option<string?>("--config", "-c") { Description = "Configuration whose agents, tools and policy are reviewed against the log" };
        var filters = new FilterOptions();
        var format = AuditOptionsOf.Format();
        var command = new Command("stats", "Count calls, denials and latency by agent, tool and reason, and review access") { path, config, format };
        filters.AddTo(command);
        command.SetAction(result =>
        {
            var file = result.GetRequiredValue(path);
            if (!Directory.Exists(file) && !File.Exists(file))
            {
                result.InvocationConfiguration.Error.WriteLine($"{file} does not exist; give the directory of an audit log");
                return ExitCodes.Usage;
            }

            var statistics = Read(file, filters.Of(result));
            var review = result.GetValue(config) is { } configuration ? Review(configuration, statistics, result.InvocationConfiguration.Error) : [];
            if (review is null)
                return ExitCodes.Configuration;
            var report = StatsReport.Of(statistics, review);
            if (result.GetValue(format) == "json")
                report.WriteJson(result.InvocationConfiguration.Output);
            else
                StatsTables.Print(report, Terminal.Of(result.InvocationConfiguration.Output));
            return ExitCodes.Success;
        });
        return command;
    }

    private static LogStatistics Read(string path, CallFilter filter)
    {
        var statistics = new LogStatistics();
        using var cursor = new LogCursor(path);
        var reader = new CallReader(filter);
        while (cursor.TryRead(out var line))
        {
            foreach (var item in reader.Take(line))
                Add(item);
        }

        foreach (var item in reader.Open())
            Add(item);
        return statistics;

        void Add(LogItem item)
        {
            if (item.Call is { } call)
                statistics.Add(call, item.Outcome);
        }
    }

    private static IReadOnlyList<ReviewedAccess>? Review(string file, LogStatistics statistics, TextWriter error)
    {
        var configuration = GatewayConfiguration.Read(file);
        if (configuration.Errors.Count > 0)
        {
            foreach (var line in configuration.Errors)
                error.WriteLine(line);
            return null;
        }

        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new DecisionMetrics(services.GetRequiredService<IMeterFactory>());
        var review = new AccessReview(new EmbeddedEngine(metrics, NullLogger<EmbeddedEngine>.Instance), TimeProvider.System);
        var (rows, failure) = review.Of(configuration.Snapshot, statistics);
        if (failure is null)
            return rows;
        error.WriteLine(failure);
        return null;
    }
}
