using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Telemetry;
using Polly.Timeout;

namespace ToolGateway.Decisions.Opa;

/// <summary>
/// What a question goes through: a total timeout, which no part of the transport can delay; one retry when the connection broke before an answer (OPA restarted, or closed an idle connection); a
/// circuit breaker that counts only what says that OPA cannot be reached or does not work (<see cref="OpaReply.IsTransportFailure"/>).
/// </summary>
internal sealed class OpaPipeline
{
    /// <summary>Callers are answered first; letting go of connections, which throws through many frames, comes after.</summary>
    private static readonly TimeSpan CleanupDelay = TimeSpan.FromMilliseconds(15);

    private readonly ResiliencePipeline<OpaReply> _pipeline;
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly OpaClient _client;
    private readonly OpaLiveness _liveness;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _clock;

    public OpaPipeline(OpaOptions options, OpaClient client, OpaLiveness liveness, TimeProvider clock, TelemetryListener? listener)
    {
        _client = client;
        _liveness = liveness;
        _timeout = options.Timeout;
        _clock = clock;
        _pipeline = new ResiliencePipelineBuilder<OpaReply> { TelemetryListener = listener, TimeProvider = clock, Name = OpaEngine.Name }
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.Timeout + CleanupDelay })
            .AddRetry(new RetryStrategyOptions<OpaReply>
            {
                MaxRetryAttempts = 1,
                Delay = TimeSpan.Zero,
                ShouldHandle = static arguments => new(arguments.Outcome.Result is { Kind: OpaReplyKind.Broken }),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<OpaReply>
            {
                FailureRatio = options.CircuitFailureRatio,
                MinimumThroughput = options.CircuitMinimumCalls,
                SamplingDuration = options.CircuitWindow,
                BreakDuration = options.CircuitBreak,
                StateProvider = _circuit,
                ShouldHandle = static arguments => new(arguments.Outcome.Result is { IsTransportFailure: true }),
            })
            .Build();
    }

    /// <summary>0 closed, 1 half-open, 2 open.</summary>
    public int Circuit => _circuit.CircuitState switch
    {
        CircuitState.Closed => 0,
        CircuitState.HalfOpen => 1,
        _ => 2,
    };

    /// <summary>Asks, and always gives a reply within the timeout. Owned by no caller: one that leaves must not look like a failure of OPA.</summary>
    public ValueTask<OpaReply> AskAsync(OpaQuestion question, ReadOnlyMemory<byte> body)
    {
        var asking = ExecuteAsync(question, body);
        return asking.IsCompleted ? asking : new(BoundAsync(asking.AsTask()));
    }

    private async Task<OpaReply> BoundAsync(Task<OpaReply> asking)
    {
        Task waiting = asking.WaitAsync(_timeout, _clock);
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return asking.IsCompleted ? await asking.ConfigureAwait(false) : new OpaReply(OpaReplyKind.TimedOut);
    }

    private async ValueTask<OpaReply> ExecuteAsync(OpaQuestion question, ReadOnlyMemory<byte> body)
    {
        var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static async (context, state) => Outcome.FromResult(await state.Pipeline.AttemptAsync(state, context.CancellationToken)),
                context,
                new AskState(this, question, body));
            return outcome.Exception switch
            {
                null => outcome.Result!,
                BrokenCircuitException => OpaReply.CircuitOpen,
                TimeoutRejectedException => new OpaReply(OpaReplyKind.TimedOut),
                var bug => throw bug,
            };
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<OpaReply> AttemptAsync(AskState state, CancellationToken cancellation)
    {
        try
        {
            var reply = await _client.AskAsync(state.Question, state.Body, cancellation);
            _liveness.Heard(reply);
            return reply;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            _liveness.AskNow();
            return new OpaReply(_liveness.IsSilent ? OpaReplyKind.Silent : OpaReplyKind.TimedOut);
        }
    }

    private readonly record struct AskState(OpaPipeline Pipeline, OpaQuestion Question, ReadOnlyMemory<byte> Body);
}
