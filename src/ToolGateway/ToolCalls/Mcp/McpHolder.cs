using ToolGateway.Identity;

namespace ToolGateway.ToolCalls.Mcp;

/// <summary>Whom something that a server hands out belongs to: a session, a task, a question that waits for an answer.</summary>
internal static class McpHolder
{
    /// <summary>Caller, delegation, tool and tenant, with lengths so that no two differ only in where one part ends.</summary>
    public static string Of(Caller caller, Tool tool)
    {
        string?[] parts = [caller.Id, caller.Delegation?.Type, caller.Delegation?.Id, tool.Name, caller.Agent?.Tenant];
        return string.Concat(parts.Select(part => part is null ? "-;" : $"{part.Length}:{part};"));
    }
}
