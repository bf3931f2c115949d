using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ToolGateway.Hosting;

namespace ToolGateway.Decisions.Shadow;

/// <summary>
/// Keeps the candidate of the configuration in effect beside the policy that decides. It has a reading of its own: nothing that is wrong with a candidate refuses a
/// change of the policy that decides, or stops the gateway.
/// </summary>
internal sealed partial class ShadowDecisions : BackgroundService, IAsyncDisposable, IHealthCheck
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>A file that never ends to be read must not keep the process.</summary>
    private static readonly TimeSpan MaxStop = TimeSpan.FromSeconds(2);

    private readonly SnapshotHolder _snapshots;
    private readonly TimeProvider _clock;
    private readonly ShadowMetrics _metrics;
    private readonly ILogger _logger;
    private readonly string _baseDirectory;
    private volatile ShadowRun? _run;
    private volatile IReadOnlyList<string> _errors = [];
    private FileSet? _seen;
    private string? _seenOptions;
    private string? _beside;
    private long _accepted;
    private long _refused;

    public ShadowDecisions(SnapshotHolder snapshots, SnapshotReading reading, TimeProvider clock, ShadowMetrics metrics, ILogger<ShadowDecisions> logger)
    {
        (_snapshots, _clock, _metrics, _logger) = (snapshots, clock, metrics, logger);
        _baseDirectory = reading.Files.FullPath(".");
        metrics.ObserveQueue(() => _run?.Waiting ?? 0);
    }

    /// <summary>Where live decisions are left; null without a candidate.</summary>
    public ShadowRun? Run => _run;

    public long AcceptedCount => Interlocked.Read(ref _accepted);

    public long RefusedCount => Interlocked.Read(ref _refused);

    public string Name => "shadow";

    private ShadowOptions Options => _snapshots.Current.Options.Decisions.Shadow;

    private string? PolicyRevision => _snapshots.Current.Policy?.Revision;

    private bool IsOn => !string.IsNullOrEmpty(Options.Engine);

    public HealthResult Check() => _errors.Count == 0 ? default : new(HealthState.Degraded, $"the candidate policy is refused, calls are decided as ever: {string.Join("; ", _errors)}");

    /// <summary>What comparing gave; null when there is no candidate, and the configuration names none.</summary>
    public ShadowReport? Report()
    {
        var (run, engine) = (_run, Options.Engine);
        if (run is null && string.IsNullOrEmpty(engine))
            return null;
        return new ShadowReport(
            run?.Candidate.Engine ?? engine!.ToLowerInvariant(), run?.Candidate.Revision, run?.Since, _errors, PolicyRevision, run?.Differences.Same ?? 0, run?.Differences.Different ?? 0,
            run?.Differences.Unavailable ?? 0, run?.Dropped ?? 0, run?.Waiting ?? 0, run?.Differences.Unlisted ?? 0, [.. (run?.Differences.List() ?? []).Select(ListedDifference.Of)]);
    }

    /// <summary>Ends the watch, then the candidate.</summary>
    public async ValueTask DisposeAsync()
    {
        base.Dispose();
        if (ExecuteTask is { } watching)
            await watching.WaitAsync(MaxStop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ReplaceAsync(null).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
            await LookAsync().ConfigureAwait(false);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    /// <summary>Takes up what has changed since the last look: the section, the candidate's files, or the policy that it is compared with.</summary>
    internal async Task LookAsync()
    {
        try
        {
            var options = JsonSerializer.Serialize(Options);
            if (options != _seenOptions || _seen?.IsUnchanged() == false)
                await LoadAsync(options).ConfigureAwait(false);
            else if (_run is { } run && _beside != PolicyRevision)
                await StartAsync(run.Candidate).ConfigureAwait(false);
            _run?.Candidate.Refresh();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug in reading a candidate must not end the host.
            Refuse([$"reading the candidate failed: {e.Message}"]);
            Log.Failed(_logger, e);
        }
    }

    private async Task LoadAsync(string description)
    {
        var last = description == _seenOptions ? _run?.Candidate : null;
        _seenOptions = description;
        if (!IsOn)
        {
            (_errors, _seen) = ([], null);
            await ReplaceAsync(null).ConfigureAwait(false);
            return;
        }

        var (candidate, files, errors) = CandidateReader.Read(Options, _baseDirectory, _clock, last);
        _seen = files;
        if (candidate is null)
        {
            // Of another section's candidate nothing is kept: its differences would be taken for this one's.
            if (last is null)
                await ReplaceAsync(null).ConfigureAwait(false);
            Refuse([.. errors.Select(error => error.ToString())]);
            foreach (var error in errors)
                Log.Refused(_logger, error);
            return;
        }

        _errors = [];
        Interlocked.Increment(ref _accepted);
        await StartAsync(candidate).ConfigureAwait(false);
        Log.Loaded(_logger, candidate.Engine, candidate.Revision ?? "not known yet");
    }

    /// <summary>Compares with a candidate from now on.</summary>
    internal Task StartAsync(ICandidate candidate)
    {
        _beside = PolicyRevision;
        return ReplaceAsync(new ShadowRun(candidate, Options.QueueLimit, _clock.GetUtcNow(), _metrics, _logger));
    }

    private async Task ReplaceAsync(ShadowRun? next)
    {
        var old = _run;
        _run = next;
        if (old is null)
            return;
        await old.DisposeAsync().ConfigureAwait(false);
        if (old.Candidate != next?.Candidate)
            old.Candidate.Dispose();
    }

    private void Refuse(IReadOnlyList<string> errors)
    {
        _errors = errors;
        Interlocked.Increment(ref _refused);
    }

    private static partial class Log
    {
        [LoggerMessage(3133, LogLevel.Information, "Decisions are compared with the candidate policy ({Engine}, revision {Revision}); it changes no answer")]
        public static partial void Loaded(ILogger logger, string engine, string revision);

        [LoggerMessage(3134, LogLevel.Error, "The candidate policy is refused, the last good one stays: {Error}")]
        public static partial void Refused(ILogger logger, ConfigurationError error);

        [LoggerMessage(3135, LogLevel.Error, "Reading the candidate policy failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
