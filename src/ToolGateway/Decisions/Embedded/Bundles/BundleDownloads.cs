using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolGateway.Hosting;

namespace ToolGateway.Decisions.Embedded.Bundles;

/// <summary>Asks the bundle service again and again, and keeps each newer bundle that is accepted. Whatever fails, the last good one stays.</summary>
internal sealed partial class BundleDownloads(
    SnapshotHolder snapshots, SnapshotReading reading, BundleStatus status, DecisionMetrics metrics, TimeProvider clock, ILogger<BundleDownloads> logger) : BackgroundService
{
    private readonly BundleAcceptance _acceptance = new(snapshots, reading);
    private string? _etag;
    private byte[]? _kept;

    /// <summary>Whether a configuration has a bundle service; changing that takes a restart.</summary>
    public static bool AreWanted(DecisionOptions options) => options.Embedded.Bundle.Url is not null && SnapshotBuilder.UsesEmbedded(options);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (!AreWanted(snapshots.Current.Options.Decisions))
            return Task.CompletedTask;
        status.Begin();
        if (snapshots.Current.PolicyProblem is { } problem)
            Log.NoPolicy(logger, problem);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = snapshots.Current.Options.Decisions.Embedded;
        var credentials = BundleOptionsValidator.Credentials(options.Bundle, reading.Files.FullPath);
        metrics.ObserveClientCertificate("bundle_service", credentials);
        using var client = new BundleClient(options.Bundle, credentials);
        var store = BundleStore.For(options, reading.Files.FullPath)!;
        var schedule = new PollSchedule(options.Bundle, Random.Shared.NextDouble);
        var wasGood = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            var started = clock.GetTimestamp();
            var answer = await AskAsync(client, credentials, store, stoppingToken).ConfigureAwait(false);
            status.Note(answer);
            Report(answer, wasGood);
            wasGood = answer.IsGood;
            await Task.Delay(schedule.Next(answer, clock.GetElapsedTime(started)), clock, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task<BundleAnswer> AskAsync(BundleClient client, ServiceCredentials credentials, BundleStore store, CancellationToken cancellation)
    {
        if (!credentials.TryReload(out var problem))
            return new BundleAnswer(BundleResults.Credentials, $"TokenFile, CaPath, ClientCertificatePath or ClientKeyPath of Decisions:Embedded:Bundle cannot be used: {problem}");
        try
        {
            // A kept bundle that was changed or removed behind our back is fetched anew.
            var maxBytes = snapshots.Current.Options.Decisions.Embedded.Bundle.MaxBytes;
            var isKept = _etag is not null && store.Digest(maxBytes) is { } digest && digest.AsSpan().SequenceEqual(_kept);
            var answer = await client.AskAsync(isKept ? _etag : null, cancellation).ConfigureAwait(false);
            if (answer.Result == BundleResults.Updated)
                answer = _acceptance.Accept(answer);
            if (answer.IsGood && (!isKept || answer.Result == BundleResults.Updated))
                _kept = store.Digest(maxBytes);
            _etag = answer.IsGood ? answer.ETag : null;
            return answer;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A bug in reading a bundle must not end the questions: the last good one stays, and the next one is tried.
            Log.Failed(logger, e);
            return new BundleAnswer(BundleResults.Invalid, $"reading the bundle failed: {e.Message}");
        }
    }

    private void Report(BundleAnswer answer, bool wasGood)
    {
        if (!answer.IsGood)
            Log.Refused(logger, answer.Result, answer.Detail ?? "");
        else if (answer.Result == BundleResults.Updated)
            Log.Updated(logger);
        else if (!wasGood)
            Log.Recovered(logger);
        else
            Log.Unchanged(logger);
    }

    private static partial class Log
    {
        [LoggerMessage(3120, LogLevel.Information, "A newer bundle was fetched, verified and kept")]
        public static partial void Updated(ILogger logger);

        [LoggerMessage(3121, LogLevel.Debug, "The bundle service has no newer bundle")]
        public static partial void Unchanged(ILogger logger);

        [LoggerMessage(3122, LogLevel.Information, "The bundle service answers again and has no newer bundle")]
        public static partial void Recovered(ILogger logger);

        [LoggerMessage(3123, LogLevel.Warning, "No bundle was taken, the last good one stays ({Result}): {Detail}")]
        public static partial void Refused(ILogger logger, string result, string detail);

        [LoggerMessage(3124, LogLevel.Error, "There is no policy, calls are blocked until the bundle service delivers one: {Problem}")]
        public static partial void NoPolicy(ILogger logger, string problem);

        [LoggerMessage(3125, LogLevel.Error, "Reading a bundle failed; the last good one stays")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
