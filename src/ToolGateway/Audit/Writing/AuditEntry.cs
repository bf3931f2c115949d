using System.Threading.Tasks.Sources;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Writing;

/// <summary>Which record an entry carries.</summary>
internal enum EntryKind
{
    Decision,
    Outcome,
    Change,
    Suppressed,
}

/// <summary>
/// A record on its way to the file, and the wait for it. Pooled: it goes back when both its caller and the writer have let go. The state carries a generation,
/// so that a watchdog that looks late cannot end a wait that began since.
/// </summary>
internal sealed class AuditEntry(AuditEntryPool pool) : IValueTaskSource<bool>
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Finished = 2;
    private const int StateBits = 2;

    private ManualResetValueTaskSourceCore<bool> _source;
    private long _state;
    private long _deadline;
    private int _holders;

    public RecordBuffer Body { get; } = new();

    public EntryKind Kind { get; private set; }

    public Durability Durability { get; private set; }

    /// <summary>The call that the record is about; null when it is about none, or opens and closes nothing.</summary>
    public string? DecisionId { get; private set; }

    public void Describe(EntryKind kind, Durability durability, string? decisionId)
    {
        Kind = kind;
        Durability = durability;
        DecisionId = decisionId;
        _holders = 1;
    }

    /// <summary>Makes the entry one that a caller waits for until <paramref name="deadline"/>.</summary>
    public ValueTask<bool> Arm(long deadline)
    {
        _source.Reset();
        _holders = 2;
        Volatile.Write(ref _deadline, deadline);
        Volatile.Write(ref _state, (((_state >> StateBits) + 1) << StateBits) | Waiting);
        return new ValueTask<bool>(this, _source.Version);
    }

    /// <summary>Whether the caller has stopped waiting.</summary>
    public bool IsExpired => (Volatile.Read(ref _state) & 3) == Finished;

    /// <summary>Answers the caller. False: it was told "no" before.</summary>
    /// <param name="here">Whether the caller goes on on this thread, before this returns.</param>
    public bool TryFinish(bool result, bool here = false)
    {
        var state = Volatile.Read(ref _state);
        if ((state & 3) == Idle)
            return true;
        if ((state & 3) != Waiting || Interlocked.CompareExchange(ref _state, (state & ~3L) | Finished, state) != state)
            return false;
        _source.RunContinuationsAsynchronously = !here;
        _source.SetResult(result);
        return true;
    }

    /// <summary>Answers "no" when the deadline has passed.</summary>
    public bool TryExpire(long now)
    {
        var state = Volatile.Read(ref _state);
        if ((state & 3) != Waiting || Volatile.Read(ref _deadline) > now
            || Interlocked.CompareExchange(ref _state, (state & ~3L) | Finished, state) != state)
        {
            return false;
        }

        _source.RunContinuationsAsynchronously = true;
        _source.SetResult(false);
        return true;
    }

    /// <summary>One holder lets go.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
            return;
        Body.Clear();
        DecisionId = null;
        Volatile.Write(ref _state, _state & ~3L);
        pool.Return(this);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        var result = _source.GetResult(token);
        Release();
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
