namespace ToolGateway.Decisions.Opa;

/// <summary>
/// When OPA last answered anything, and with which policy. This tells a sidecar that hangs from one caller's slow question: a question that
/// times out counts against the circuit only when OPA has answered nothing, to anybody, for twice the timeout. Every timeout makes the poll ask at once, so a
/// healthy OPA is heard within that time even when the slow question is the only traffic.
/// </summary>
internal sealed class OpaLiveness(TimeProvider clock, TimeSpan timeout) : IDisposable
{
    private readonly SemaphoreSlim _askNow = new(0, 1);
    private long _lastAnswer = clock.GetTimestamp();
    private volatile OpaBundles _bundles = OpaBundles.None;

    /// <summary>The bundles of the last answer.</summary>
    public OpaBundles Bundles => _bundles;

    public bool IsSilent => clock.GetElapsedTime(Interlocked.Read(ref _lastAnswer)) > 2 * timeout;

    /// <summary>Takes note of a reply.</summary>
    public void Heard(OpaReply reply)
    {
        if (reply.Kind is not (OpaReplyKind.Answered or OpaReplyKind.EvaluationError or OpaReplyKind.Refused))
            return;
        Interlocked.Exchange(ref _lastAnswer, clock.GetTimestamp());
        if (reply.Kind == OpaReplyKind.Answered)
            _bundles = reply.Bundles;
    }

    public void AskNow()
    {
        if (_askNow.CurrentCount == 0)
        {
            try
            {
                _askNow.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else asked in the same moment.
            }
        }
    }

    public void Dispose() => _askNow.Dispose();

    /// <summary>Waits for the next poll: the interval, or <see cref="AskNow"/>.</summary>
    public Task WaitAsync(TimeSpan interval, CancellationToken cancellation) => _askNow.WaitAsync(interval, cancellation);
}
