using ToolGateway.ToolCalls;

namespace ToolGateway.Enforcement;

/// <summary>Finds the protocol of a tool.</summary>
internal sealed class ToolProtocols(IEnumerable<IToolProtocol> protocols)
{
    private readonly IToolProtocol[] _all = [.. protocols];

    /// <summary>The protocol of <paramref name="tool"/>; plain HTTP when there is no tool.</summary>
    public IToolProtocol Of(Tool? tool)
    {
        foreach (var protocol in _all)
        {
            if (tool is null ? protocol is HttpToolProtocol : protocol.Serves(tool))
                return protocol;
        }

        throw new InvalidOperationException($"no protocol serves the tool {tool?.Name}");
    }
}
