namespace ToolGateway.Hosting;

/// <summary>What became of the last change of configuration; readiness and metrics look at it.</summary>
internal sealed class ReloadStatus
{
    private volatile IReadOnlyList<string> _errors = [];
    private long _accepted;
    private long _refused;

    /// <summary>Errors of the last change when it was refused, otherwise empty.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public long AcceptedCount => Interlocked.Read(ref _accepted);

    public long RefusedCount => Interlocked.Read(ref _refused);

    public event Action<bool>? Reloaded;

    public void Accepted(GatewaySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _errors = [];
        Interlocked.Increment(ref _accepted);
        Reloaded?.Invoke(true);
    }

    public void Refused(IReadOnlyList<string> errors)
    {
        _errors = errors;
        Interlocked.Increment(ref _refused);
        Reloaded?.Invoke(false);
    }
}
