namespace ToolGateway.Audit.Writing;

/// <summary>
/// Has what callers wait for written by a thread of the pool: usually the one that asked, as soon as its call has begun to wait, which spares two thread switches.
/// What comes while a batch is written makes the next batch. A write that hangs holds one thread of the pool, and no call.
/// </summary>
internal sealed class QueueDrain(AuditWriter writer) : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Asked = 2;

    private int _state;

    /// <summary>Asks for a batch that begins after this call.</summary>
    public void Request()
    {
        if (Interlocked.Exchange(ref _state, Asked) == Idle)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _state, Running);
        writer.WritePending();
        if (writer.NeedsMaintenance)
            writer.Maintain();

        // Behind the work that waits already, which may add to the batch.
        if (Interlocked.CompareExchange(ref _state, Idle, Running) != Running)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
