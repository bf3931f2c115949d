using ToolGateway.Audit.Writing;

namespace ToolGateway.Audit;

/// <summary>
/// A thread that has control again as soon as the call that it runs waits: what the call wants recorded is written then, on the same thread. A write that hangs holds the
/// thread, and no call: the call's wait ends in time, and it is answered by another thread.
/// </summary>
internal readonly ref struct WritingTurn
{
    [ThreadStatic]
    private static bool t_isOpen;

    [ThreadStatic]
    private static QueueDrain? t_taken;

    private readonly bool _isInner;

    private WritingTurn(bool isInner) => _isInner = isInner;

    /// <summary>Begins a turn, which ends when it is disposed of.</summary>
    public static WritingTurn Begin()
    {
        var turn = new WritingTurn(t_isOpen);
        t_isOpen = true;
        return turn;
    }

    /// <summary>Has the drain run at the end of this thread's turn. False: there is no turn, or it is another log's.</summary>
    public static bool TryTake(QueueDrain drain)
    {
        if (!t_isOpen || (t_taken is not null && t_taken != drain))
            return false;
        t_taken = drain;
        return true;
    }

    public void Dispose()
    {
        t_isOpen = _isInner;
        if (t_taken is not { } drain)
            return;
        t_taken = null;
        drain.Turn();
    }
}
