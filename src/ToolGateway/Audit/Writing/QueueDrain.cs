namespace ToolGateway.Audit.Writing;

/// <summary>
/// Has what callers wait for written. While the disk has just proved quick, whoever asks writes, which spares waking a thread; otherwise a thread of the pool does, so that
/// a write that hangs holds no call. What comes while a batch is written makes the next batch.
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
        if (writer.IsQuick && Interlocked.CompareExchange(ref _state, Running, Idle) == Idle)
            Run();
        else if (Interlocked.Exchange(ref _state, Asked) == Idle)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _state, Running);
        Run();
    }

    private void Run()
    {
        writer.WritePending();
        if (writer.NeedsMaintenance)
            writer.Maintain();

        // Behind the work that waits already, which may add to the batch.
        if (Interlocked.CompareExchange(ref _state, Idle, Running) != Running)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
