using ToolGateway.Decisions;
using ToolGateway.Enforcement.Forwarding;
using ToolGateway.Enforcement.Recording;
using ToolGateway.Identity;
using ToolGateway.ToolCalls;

namespace ToolGateway.Hosting;

/// <summary>What is known of one request so far: the one typed feature that travels with it.</summary>
internal sealed class GatewayCall(GatewaySnapshot snapshot, string id, DateTimeOffset received, long startTimestamp)
{
    /// <summary>The snapshot that the call is judged by.</summary>
    public GatewaySnapshot Snapshot { get; } = snapshot;

    /// <summary>Id of the call and of its decision.</summary>
    public string Id { get; } = id;

    public DateTimeOffset Received { get; } = received;

    public long StartTimestamp { get; } = startTimestamp;

    /// <summary>The connection's peer.</summary>
    public required RemoteAddress Peer { get; init; }

    /// <summary>Trace that the call belongs to, or null.</summary>
    public string? TraceId { get; init; }

    public Caller? Caller { get; set; }

    /// <summary>The tool that the target names, known before the rest of the call is.</summary>
    public Tool? Tool { get; set; }

    public ToolCall? Call { get; set; }

    public Decision? Decision { get; set; }

    /// <summary>Whether the decision record was written, so that an outcome is owed.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>How the call ended, when something else than an ordinary completion ended it.</summary>
    public string? Ended { get; set; }

    /// <summary>The gateway's reason when it answered itself.</summary>
    public string? Reason { get; set; }

    public int? UpstreamStatus { get; set; }

    /// <summary>The call while it is open: what can cut it, and what it holds.</summary>
    public OpenCall Open { get; } = new();

    public StageTimes Times;
}

/// <summary>Stopwatch ticks that each stage took.</summary>
internal struct StageTimes
{
    public long Identify;
    public long Classify;
    public long Decide;
    public long Record;
    public long Upstream;
}
