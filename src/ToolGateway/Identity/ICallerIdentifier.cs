using Microsoft.AspNetCore.Http;
using ToolGateway.Hosting;
using ToolGateway.ToolCalls;

namespace ToolGateway.Identity;

/// <summary>Says who calls, from the connection's certificate and the request's token.</summary>
internal interface ICallerIdentifier
{
    /// <summary>Identifies the caller of a tool (null: the target names none that exists).</summary>
    ValueTask<IdentityResult> IdentifyAsync(HttpContext context, GatewaySnapshot snapshot, Tool? tool);
}
