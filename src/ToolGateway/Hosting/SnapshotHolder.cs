namespace ToolGateway.Hosting;

/// <summary>Gives the current snapshot; the loader swaps it.</summary>
internal sealed class SnapshotHolder(GatewaySnapshot first)
{
    private volatile GatewaySnapshot _current = first;

    /// <summary>Called after each swap with the old and the new snapshot.</summary>
    public event Action<GatewaySnapshot, GatewaySnapshot>? Changed;

    public GatewaySnapshot Current => _current;

    public void Swap(GatewaySnapshot next)
    {
        var old = _current;
        _current = next;
        Changed?.Invoke(old, next);
    }
}
