using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ToolGateway.Decisions.Shadow;

/// <summary>
/// One candidate beside the policy that decides, from the moment it was loaded until either of them changes. Live calls leave their decision here without waiting; what
/// finds no place is counted and left out.
/// </summary>
internal sealed partial class ShadowRun : IAsyncDisposable
{
    /// <summary>Bodies of waiting calls together may take this much, whatever the number of calls.</summary>
    private const long MaxWaitingBytes = 16 << 20;

    /// <summary>An evaluation that takes longer than this is paid for with rest, so that a slow candidate leaves the processor to live calls.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(1);
    private const int RestFactor = 4;

    private readonly Channel<ShadowQuestion> _waiting;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ShadowMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Task _workers;
    private long _waitingBytes;
    private long _dropped;

    public ShadowRun(ICandidate candidate, int queueLimit, DateTimeOffset since, ShadowMetrics metrics, ILogger logger)
    {
        Candidate = candidate;
        Since = since;
        _metrics = metrics;
        _logger = logger;
        _waiting = Channel.CreateBounded<ShadowQuestion>(new BoundedChannelOptions(queueLimit) { SingleReader = candidate.Concurrency == 1 });
        _workers = Task.WhenAll(Enumerable.Range(0, candidate.Concurrency).Select(_ => Task.Run(WorkAsync)));
    }

    public ICandidate Candidate { get; }

    public DateTimeOffset Since { get; }

    public Differences Differences { get; } = new();

    public long Dropped => Interlocked.Read(ref _dropped);

    public int Waiting => _waiting.Reader.Count;

    /// <summary>Takes note of a decision when it is there; the caller gets it as it is, and no later.</summary>
    public ValueTask<Decision> Follow(DecisionInput input, ValueTask<Decision> decision)
    {
        if (!decision.IsCompletedSuccessfully)
            return AwaitAsync(this, input, decision);
        var result = decision.Result;
        Offer(input, result);
        return new(result);

        static async ValueTask<Decision> AwaitAsync(ShadowRun run, DecisionInput input, ValueTask<Decision> decision)
        {
            var result = await decision;
            run.Offer(input, result);
            return result;
        }
    }

    /// <summary>Takes note of which names a caller may see.</summary>
    public void Offer(DecisionInput input, Visibility visibility)
    {
        if (!visibility.IsUnavailable)
            Offer(new ShadowQuestion(input, null, visibility));
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _workers;
        var left = 0;
        while (_waiting.Reader.TryRead(out _))
            left++;
        _metrics.Dropped(left);
        _stopping.Dispose();
    }

    /// <summary>Without an answer there is nothing to compare with, and the canary is no call.</summary>
    private void Offer(DecisionInput input, Decision decision)
    {
        if (!decision.IsUnavailable && input.Caller.Type != "canary")
            Offer(new ShadowQuestion(input, decision, null));
    }

    private void Offer(in ShadowQuestion question)
    {
        var bytes = question.Bytes;
        if (Interlocked.Add(ref _waitingBytes, bytes) <= MaxWaitingBytes && _waiting.Writer.TryWrite(question))
            return;
        Interlocked.Add(ref _waitingBytes, -bytes);
        Interlocked.Increment(ref _dropped);
        _metrics.Dropped(1);
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (var question in _waiting.Reader.ReadAllAsync(_stopping.Token))
            {
                Interlocked.Add(ref _waitingBytes, -question.Bytes);
                var started = Stopwatch.GetTimestamp();
                await CompareAsync(question);
                if (Candidate.Concurrency == 1 && Stopwatch.GetElapsedTime(started) is var took && took > Quick)
                    await Task.Delay(took * RestFactor, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Log.Stopped(_logger, Candidate.Revision ?? "unknown");
        }
    }

    private async Task CompareAsync(ShadowQuestion question)
    {
        try
        {
            var answer = await Candidate.AskAsync(question.Input, _stopping.Token);
            var (current, candidate) = question.Input.Candidates is { } names
                ? (Answer.Of(question.Visibility!, names), Answer.Of(answer.Visibility!, names))
                : (Answer.Of(question.Decision!), Answer.Of(answer.Decision!));
            Note(question.Input, new(Change.Between(current, candidate), WhoOf(question.Input), question.Input.Call.Tool.Name, question.Input.Call.Action, current, candidate), answer.Problem);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !_stopping.IsCancellationRequested)
        {
            // A bug must not end the comparison, and a live call has long been answered.
            _metrics.Compared(question.Input.Call, Change.Failed);
            Log.Broken(_logger, question.Input.Id, e);
        }
    }

    private void Note(DecisionInput input, DifferenceKind kind, string? problem)
    {
        _metrics.Compared(input.Call, kind.Change);
        if (Differences.Add(kind, input.Time, input.Id))
            Log.Differs(_logger, kind.Change, kind.Caller, kind.Tool, kind.Action, Shown(kind.Current), Shown(kind.Candidate), input.Id, problem ?? "none");
    }

    private static string WhoOf(DecisionInput input) => input.Caller.Agent?.Name ?? input.Caller.Id;

    private static string Shown(Answer answer) => $"{answer.Outcome}({answer.Reasons}) {answer.Obligations}".TrimEnd();

    private static partial class Log
    {
        [LoggerMessage(3130, LogLevel.Warning,
            "the candidate policy differs ({Change}) for {Caller} at {Tool} {Action}: {Current} would be {Candidate}; first seen in decision {DecisionId}, problem {Problem}")]
        public static partial void Differs(ILogger logger, string change, string caller, string tool, string action, string current, string candidate, string decisionId, string problem);

        [LoggerMessage(3131, LogLevel.Error, "comparing decision {DecisionId} with the candidate policy failed")]
        public static partial void Broken(ILogger logger, string decisionId, Exception exception);

        [LoggerMessage(3132, LogLevel.Debug, "comparing with candidate {Revision} ended")]
        public static partial void Stopped(ILogger logger, string revision);
    }
}
