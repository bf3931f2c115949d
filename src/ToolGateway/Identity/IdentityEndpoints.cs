using Microsoft.AspNetCore.Http;
using ToolGateway.Hosting;

namespace ToolGateway.Identity;

/// <summary>Serves the protected resource metadata of tools; needs no credential, because it tells how to get one.</summary>
internal static class IdentityEndpoints
{
    /// <summary>Answers a request for a tool's metadata. False: it is for something else, or there is no such tool.</summary>
    public static async ValueTask<bool> TryServeMetadata(HttpContext context, GatewaySnapshot snapshot)
    {
        if (snapshot.Options.PublicUrl is not { } publicUrl || !context.Request.Path.StartsWithSegments("/.well-known", StringComparison.Ordinal))
            return false;
        var path = ResourceMetadata.Path(new Uri(publicUrl));
        if (context.Request.Path.Value is not { } target || !target.StartsWith(path, StringComparison.Ordinal)
            || !snapshot.Tools.TryGetValue(target[path.Length..], out var tool))
        {
            return false;
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return true;
        }

        var issuers = snapshot.Trust.Issuers.Select(issuer => issuer.Value).Order(StringComparer.Ordinal);
        var document = new ResourceMetadata($"{publicUrl}/tools/{tool.Name}", [.. issuers], ["header"], tool.Name, BoundTokens: true);
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.WriteAsJsonAsync(document, ResourceMetadataJson.Default.ResourceMetadata, contentType: null, context.RequestAborted);
        return true;
    }
}
