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
    /// <summary>Changes of one server that are reported: one that invents tools without end fills neither the memory nor the audit log, and does not cover what others change.</summary>
    private const int MaxReported = 1_000;

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<(string Name, string Digest), byte>> _reported = new(StringComparer.Ordinal);
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
        var reported = _reported.GetOrAdd(tool.Name, static _ => new());
        if (reported.Count >= MaxReported || !reported.TryAdd((name, digest), 0))
            return;
        _changes.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Tool, tool.Name));
        Log.Changed(logger, tool.Name, name, digest);
        if (reported.Count >= MaxReported)
            Log.NoMore(logger, tool.Name, MaxReported);
        _ = RecordAsync(tool.Name, name, digest, pinned);
    }

    private async Task RecordAsync(string tool, string name, string digest, string? pinned)
    {
        var problem = "the audit log does not take it";
        try
        {
            var change = new ChangeRecord("pins", pinned, digest, $"{tool}: the definition of {name} is not the pinned one");
            if (await audit.ChangeAsync(change, CancellationToken.None).ConfigureAwait(false))
                return;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            problem = e.Message;
        }

        // Reported again, and so recorded, when it is seen again.
        _reported[tool].TryRemove((name, digest), out _);
        Log.NotRecorded(logger, tool, name, problem);
    }

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Warning, "The server {Tool} lists {Name} with a definition ({Digest}) that is not pinned; it is hidden and cannot be called")]
        public static partial void Changed(ILogger logger, string tool, string name, string digest);

        [LoggerMessage(304, LogLevel.Error, "The server {Tool} has listed {Limit} definitions that are not pinned; any more are hidden as well, and no longer reported until the gateway is restarted")]
        public static partial void NoMore(ILogger logger, string tool, int limit);

        [LoggerMessage(303, LogLevel.Error, "That {Tool} lists {Name} with a definition that is not pinned could not be recorded: {Problem}")]
        public static partial void NotRecorded(ILogger logger, string tool, string name, string problem);
    }
}
