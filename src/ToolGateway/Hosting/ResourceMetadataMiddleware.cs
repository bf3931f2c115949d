using Microsoft.AspNetCore.Http;
using ToolGateway.Identity;

namespace ToolGateway.Hosting;

/// <summary>Answers requests for protected-resource metadata (RFC 9728), which need no credential.</summary>
internal sealed class ResourceMetadataMiddleware(RequestDelegate next, SnapshotHolder snapshots)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/.well-known", StringComparison.Ordinal) ? ServeAsync(context) : next(context);

    private async Task ServeAsync(HttpContext context)
    {
        if (!await IdentityEndpoints.TryServeMetadata(context, snapshots.Current).ConfigureAwait(false))
            await next(context).ConfigureAwait(false);
    }
}
