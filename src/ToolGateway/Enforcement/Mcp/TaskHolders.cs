using Microsoft.Extensions.Caching.Memory;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>
/// Which caller a server gave a task to. Servers see one client, the gateway, so whom a task belongs to is for the gateway to know; it forgets with the process, and
/// what it does not know is nobody's.
/// </summary>
internal sealed class TaskHolders : IDisposable
{
    private const int MaxTasks = 10_000;
    private const string Extension = "io.modelcontextprotocol/tasks";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly MemoryCache _holders = new(new MemoryCacheOptions { SizeLimit = MaxTasks });

    /// <summary>Whether a server may answer the request with a task.</summary>
    public static bool IsAskedForBy(McpMessage request) =>
        request.Params.TryGetValue("task", out _)
        || (request.Meta.TryGetValue(McpNames.CapabilitiesMeta, out var capabilities) && capabilities is RegoObject declared
            && declared.TryGetValue("extensions", out var extensions) && extensions is RegoObject known && known.TryGetValue(Extension, out _));

    /// <summary>Notes the task that a result names, if it does. A task that somebody has stays theirs.</summary>
    public void Note(RegoObject message, string tool, string holder)
    {
        if (TaskOf(message) is not { } task)
            return;
        lock (_lock)
        {
            if (!_holders.TryGetValue((tool, task), out _))
                _holders.Set((tool, task), holder, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Lifetime });
        }
    }

    public bool IsHeldBy(string tool, string task, string holder) => _holders.TryGetValue((tool, task), out var known) && known is string whose && whose == holder;

    public void Dispose() => _holders.Dispose();

    /// <summary>2025-11-25 describes the task in a member of the result; since then the result is the task.</summary>
    private static string? TaskOf(RegoObject message)
    {
        if (!message.TryGetValue("result", out var value) || value is not RegoObject result)
            return null;
        var described = result.TryGetValue("task", out var task) && task is RegoObject members ? members : result;
        return described.TryGetValue("taskId", out var id) && id is RegoString { Value: var text } ? text : null;
    }
}
