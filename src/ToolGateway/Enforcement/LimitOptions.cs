namespace ToolGateway.Enforcement;

/// <summary>Sizes, rates and times that callers are held to. Every one has a default; none can be unlimited.</summary>
public sealed class LimitOptions
{
    /// <summary>Most bytes of a request body that is decided on or streamed.</summary>
    public long MaxBodyBytes { get; set; } = 1 << 20;

    /// <summary>Most header fields of a request.</summary>
    public int MaxHeaderCount { get; set; } = 100;

    /// <summary>Most bytes of all header fields of a request.</summary>
    public int MaxHeaderBytes { get; set; } = 32 << 10;

    /// <summary>Longest time for the request line and headers.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Slowest body, in bytes per second, after a grace of 5 s.</summary>
    public int MinBodyBytesPerSecond { get; set; } = 240;

    /// <summary>Longest time for a buffered body.</summary>
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most open connections.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Per remote address, before identification.</summary>
    public RateOptions PerSource { get; set; } = new() { PerSecond = 20_000, Concurrent = 5_000 };

    /// <summary>Per identified caller.</summary>
    public RateOptions PerCaller { get; set; } = new() { PerSecond = 10_000, Concurrent = 1_000 };

    /// <summary>Per tool, all callers together.</summary>
    public RateOptions PerTool { get; set; } = new() { PerSecond = 20_000, Concurrent = 2_000 };

    /// <summary>Most bytes of a response that an obligation must read before passing on.</summary>
    public long MaxInspectedResponseBytes { get; set; } = 4 << 20;
}

/// <summary>A rate and a concurrency.</summary>
public sealed class RateOptions
{
    /// <summary>Calls per second, with bursts of one second's worth.</summary>
    public int PerSecond { get; set; }

    /// <summary>Calls at the same time.</summary>
    public int Concurrent { get; set; }
}
