using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using ToolGateway.Audit;
using ToolGateway.Hosting;
using ToolGateway.Rego.Values;
using ToolGateway.Telemetry;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp.Pinning;

/// <summary>
/// Compares what servers list with what was pinned. A new or changed tool is hidden and cannot be called until it is pinned again: its description is an instruction to
/// a model, and nobody has read the new one.
/// </summary>
internal sealed partial class ToolPins(IAuditLog audit, IMeterFactory meters, ILogger<ToolPins> logger)
{
    /// <summary>A server that invents tools without end fills neither the memory nor the audit log.</summary>
    private const int MaxReported = 10_000;

    private readonly ConcurrentDictionary<(string Tool, string Name, string Digest), byte> _reported = new();
    private readonly ConcurrentDictionary<(string Tool, string Name), string> _seen = new();
    private readonly Counter<long> _changes = meters.Create(TelemetryNames.Meter)
        .CreateCounter<long>("toolgateway.mcp.definition_changes", "{definition}", "Tool definitions that differ from their pin, by tool.");

    /// <summary>The listed tools whose definitions are pinned; all of them for a server without pins.</summary>
    public RegoArray Check(Tool tool, RegoArray listed)
    {
        if (tool.Pins is not { } pins)
            return listed;
        var kept = new List<RegoValue>(listed.Count);
        foreach (var item in listed)
        {
            if (item is not RegoObject definition || !definition.TryGetValue("name", out var value) || value is not RegoString { Value: var name } || !Names.IsValid(name))
                continue;
            var digest = ToolPinFile.Digest(definition);
            if (pins.Tools.TryGetValue(name, out var pin))
                _seen[(tool.Name, name)] = digest;
            if (pin?.Digest == digest)
                kept.Add(item);
            else
                Report(tool, name, pin?.Digest, digest);
        }

        return RegoArray.From(kept);
    }

    /// <summary>Whether a call of the tool is a call of what was pinned, as far as the gateway has seen.</summary>
    public bool IsPinned(Tool tool, string name) =>
        tool.Pins is not { } pins
        || (pins.Tools.TryGetValue(name, out var pin) && (!_seen.TryGetValue((tool.Name, name), out var seen) || seen == pin.Digest));

    private void Report(Tool tool, string name, string? pinned, string digest)
    {
        var key = (tool.Name, name, digest);
        if (_reported.Count >= MaxReported || !_reported.TryAdd(key, 0))
            return;
        _changes.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Tool, tool.Name));
        Log.Changed(logger, tool.Name, name, digest);
        _ = RecordAsync(key, pinned);
    }

    private async Task RecordAsync((string Tool, string Name, string Digest) key, string? pinned)
    {
        var problem = "the audit log does not take it";
        try
        {
            var change = new ChangeRecord("pins", pinned, key.Digest, $"{key.Tool}: the definition of {key.Name} is not the pinned one");
            if (await audit.ChangeAsync(change, CancellationToken.None).ConfigureAwait(false))
                return;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            problem = e.Message;
        }

        // Reported again, and so recorded, when it is seen again.
        _reported.TryRemove(key, out _);
        Log.NotRecorded(logger, key.Tool, key.Name, problem);
    }

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Warning, "The server {Tool} lists {Name} with a definition ({Digest}) that is not pinned; it is hidden and cannot be called")]
        public static partial void Changed(ILogger logger, string tool, string name, string digest);

        [LoggerMessage(303, LogLevel.Error, "That {Tool} lists {Name} with a definition that is not pinned could not be recorded: {Problem}")]
        public static partial void NotRecorded(ILogger logger, string tool, string name, string problem);
    }
}
