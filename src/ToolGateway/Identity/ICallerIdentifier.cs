using Microsoft.AspNetCore.Http;
using ToolGateway.Hosting;
using ToolGateway.ToolCalls;

namespace ToolGateway.Identity;

/// <summary>Says who calls, from the connection's certificate and the request's token.</summary>
internal interface ICallerIdentifier
{
    /// <summary>Identifies the caller of a tool (null: the target names none that exists).</summary>
    ValueTask<IdentityResult> IdentifyAsync(HttpContext context, GatewaySnapshot snapshot, Tool? tool);

    /// <summary>Value of <c>WWW-Authenticate</c> for a refusal with status 401.</summary>
    string Challenge(IdentityRefusal refusal, GatewaySnapshot snapshot, Tool? tool);
}
