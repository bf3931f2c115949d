using System.Runtime.CompilerServices;

namespace ToolGateway.Rego.Limits;

/// <summary>Counts what one evaluation uses and ends it when a limit is reached. Used by one thread.</summary>
internal sealed class EvaluationBudget
{
    private const int ClockInterval = 256;

    /// <summary>The probe leaves at least 64 KiB, which is more than four levels can use.</summary>
    private const int ProbeMask = 3;

    private TimeProvider _clock;
    private CancellationToken _cancellation;
    private RegoLimits _limits;
    private long _started;
    private long _steps;
    private long _bytes;
    private long _next;
    private long _maxBytes;
    private int _maxDepth;
    private int _depth;

    public EvaluationBudget(RegoLimits limits, TimeProvider clock, CancellationToken cancellation)
    {
        _limits = limits;
        _clock = clock;
        _cancellation = cancellation;
        Start();
    }

    public RegoLimits Limits => _limits;

    public long Steps => _steps;

    public long ChargedBytes => _bytes;

    /// <summary>Counts one step. Call it once per expression, element or produced value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step()
    {
        if (++_steps >= _next)
            Look();
    }

    /// <summary>Counts <paramref name="count"/> steps at once, before the work is done.</summary>
    public void Step(long count)
    {
        _steps = checked(_steps + count);
        if (_steps >= _next)
            Look();
    }

    /// <summary>Charges memory before it is allocated.</summary>
    public void Charge(long bytes)
    {
        _bytes += bytes;
        if (_bytes > _maxBytes || bytes < 0)
            HaltMemory();
    }

    /// <summary>Enters a rule, function or nested built-in recursion; every call is paired with <see cref="Leave"/>.</summary>
    public void Enter()
    {
        if (++_depth > _maxDepth || ((_depth & ProbeMask) == 0 && !RuntimeHelpers.TryEnsureSufficientExecutionStack()))
            HaltDepth();
    }

    public void Leave() => _depth--;

    public void CheckClock()
    {
        if (_cancellation.IsCancellationRequested)
            throw new RegoHaltException(RegoErrorCodes.EvalCancel, "caller cancelled query execution");
        if (_clock.GetElapsedTime(_started) > _limits.Timeout)
            throw new RegoHaltException(RegoErrorCodes.EvalCancel, $"evaluation took longer than {_limits.Timeout.TotalMilliseconds:0} ms");
    }

    /// <summary>Makes the budget fit for another evaluation, so that a pooled evaluation context allocates none.</summary>
    public void Reset(RegoLimits limits, TimeProvider clock, CancellationToken cancellation)
    {
        _limits = limits;
        _clock = clock;
        _cancellation = cancellation;
        _steps = 0;
        _bytes = 0;
        _depth = 0;
        Start();
    }

    private void Start()
    {
        _maxBytes = _limits.MaxMemoryBytes;
        _maxDepth = _limits.MaxCallDepth;
        _started = _clock.GetTimestamp();
        LookAgain();
    }

    private void HaltMemory() =>
        throw new RegoHaltException(RegoErrorCodes.LimitExceeded, $"evaluation needs more than {_limits.MaxMemoryBytes} bytes");

    private void HaltDepth() =>
        throw new RegoHaltException(RegoErrorCodes.LimitExceeded, $"evaluation nests deeper than {_limits.MaxCallDepth} calls");

    private void Look()
    {
        if (_steps > _limits.MaxSteps)
            throw new RegoHaltException(RegoErrorCodes.LimitExceeded, $"evaluation needs more than {_limits.MaxSteps} steps");
        CheckClock();
        LookAgain();
    }

    /// <summary>One number tells when the steps may be spent or the clock is due, so that a step costs one comparison.</summary>
    private void LookAgain() => _next = Math.Min(_steps + ClockInterval, _limits.MaxSteps + 1);
}
