using Microsoft.AspNetCore.Http;

namespace ToolGateway.Hosting;

/// <summary>Which listener accepted a connection. Requests are told apart by this, never by <c>Host</c>.</summary>
internal enum ListenerRole
{
    Calls,
    Probes,
    Administration,
}

/// <summary>Set on each connection by the listener that accepted it.</summary>
internal sealed record ListenerFeature(ListenerRole Role)
{
    public static ListenerRole? RoleOf(HttpContext context) => context.Features.Get<ListenerFeature>()?.Role;
}
