using ToolGateway.Enforcement.Blocking;

namespace ToolGateway.Enforcement.Limits;

/// <summary>Rate and concurrency per source, per caller and per tool.</summary>
internal sealed class CallLimits : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private readonly KeyedLimit _sources;
    private readonly KeyedLimit _callers;
    private readonly KeyedLimit _tools;
    private readonly ITimer _sweep;

    public CallLimits(LimitOptions options, TimeProvider time)
    {
        _sources = new KeyedLimit(options.PerSource, time);
        _callers = new KeyedLimit(options.PerCaller, time);
        _tools = new KeyedLimit(options.PerTool, time);
        _sweep = time.CreateTimer(static state => ((CallLimits)state!).Sweep(), this, SweepInterval, SweepInterval);
    }

    public Block? AdmitSource(string address, ref CallLeases leases) => _sources.Admit(address, ref leases.Source);

    public Block? AdmitCaller(string id, ref CallLeases leases) => _callers.Admit(id, ref leases.Caller);

    public Block? AdmitTool(string name, ref CallLeases leases) => _tools.Admit(name, ref leases.Tool);

    public void Dispose() => _sweep.Dispose();

    private void Sweep()
    {
        _sources.Sweep();
        _callers.Sweep();
        _tools.Sweep();
    }
}

/// <summary>What a call holds of each concurrency limit, until it ends.</summary>
internal struct CallLeases
{
    public Usage? Source;
    public Usage? Caller;
    public Usage? Tool;

    public readonly void Release()
    {
        Source?.Leave();
        Caller?.Leave();
        Tool?.Leave();
    }
}
