using System.Diagnostics.CodeAnalysis;

namespace ToolGateway.Audit.Writing;

/// <summary>
/// Has what callers wait for written, never on a thread that a call needs: on the caller's own as soon as its call waits (<see cref="WritingTurn"/>), which spares waking
/// another, or else on one of the pool. What comes while a batch is written makes the next batch.
/// </summary>
internal sealed class QueueDrain(AuditWriter writer) : IThreadPoolWorkItem
{
    /// <summary>After so many batches in a row the thread's own call goes on, and another thread writes.</summary>
    private const int BatchesInARow = 4;

    private const int Idle = 0;
    private const int Running = 1;
    private const int Asked = 2;

    private int _state;

    /// <summary>Asks for a batch that begins after this call.</summary>
    public void Request()
    {
        if (!WritingTurn.TryTake(this))
            Ask();
    }

    /// <summary>Writes what was asked for, and lets one of the calls that waited go on here.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The process ends with it, as it does when a thread of the pool meets it.")]
    public void Turn()
    {
        if (Interlocked.CompareExchange(ref _state, Running, Idle) != Idle)
        {
            Ask();
            return;
        }

        try
        {
            Run();
        }
        catch (Exception e)
        {
            // A bug, which must not reach the server: it would reuse the request of a call that still waits.
            Environment.FailFast("the audit log's writer failed", e);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _state, Running);
        Run();
    }

    private void Ask()
    {
        if (Interlocked.Exchange(ref _state, Asked) == Idle)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    private void Run()
    {
        AuditEntry? next = null;
        for (var batch = 1; ; batch++)
        {
            var kept = writer.WritePending(keepOne: next is null);
            next ??= kept;
            if (writer.NeedsMaintenance)
                writer.Maintain();
            if (Interlocked.CompareExchange(ref _state, Idle, Running) == Running)
                break;
            if (batch == BatchesInARow)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                break;
            }

            Interlocked.Exchange(ref _state, Running);
        }

        if (next is not null)
            writer.Answer(next, true, here: true);
    }
}
