using System.Collections.Concurrent;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>The revisions that servers say they speak, so that a client with another one is offered what helps it.</summary>
internal sealed class ServerVersions
{
    private readonly ConcurrentDictionary<string, string[]> _versions = new(StringComparer.Ordinal);

    /// <summary>Notes what the answer to <c>server/discover</c> says.</summary>
    public void Note(string tool, RegoObject message)
    {
        if (message.TryGetValue("result", out var value) && value is RegoObject result && result.TryGetValue("supportedVersions", out var listed) && listed is RegoArray versions)
            _versions[tool] = [.. McpVersions.Supported.Where(version => versions.Contains(new RegoString(version)))];
    }

    /// <summary>What gateway and server both speak; what the gateway speaks, while the server has not been asked.</summary>
    public IReadOnlyList<string> Of(string tool) => _versions.TryGetValue(tool, out var known) && known.Length > 0 ? known : McpVersions.Supported;
}
