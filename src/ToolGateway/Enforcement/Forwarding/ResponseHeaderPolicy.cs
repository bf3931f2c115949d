using System.Collections.Frozen;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ToolGateway.Enforcement.Forwarding;

/// <summary>Which response headers reach the caller. What is not listed does not: cookies, challenges and the tool's own name among it.</summary>
internal static class ResponseHeaderPolicy
{
    private static readonly FrozenSet<string> Standard = FrozenSet.ToFrozenSet(
        [
            "Accept-Patch", "Accept-Post", "Accept-Ranges", "Age", "Allow", "Cache-Control", "Content-Digest", "Content-Disposition", "Content-Encoding",
            "Content-Language", "Content-Range", "Content-Type", "Date", "Deprecation", "Digest", "ETag", "Expires", "Last-Modified", "Pragma",
            "Preference-Applied", "RateLimit", "RateLimit-Limit", "RateLimit-Policy", "RateLimit-Remaining", "RateLimit-Reset", "Repr-Digest", "Retry-After",
            "Sunset", "Vary", "Warning", "X-Content-Type-Options", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-Request-Id", "X-Total-Count",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> WebSocket = FrozenSet.ToFrozenSet(
        ["Sec-WebSocket-Accept", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Copies what is allowed.</summary>
    /// <param name="locations">Rewrites <c>Location</c> and <c>Content-Location</c>.</param>
    public static void Apply(HttpResponseMessage source, HttpResponse target, in LocationPolicy locations)
    {
        Copy(source.Headers.NonValidated, target, locations, source.StatusCode == System.Net.HttpStatusCode.SwitchingProtocols);
        Copy(source.Content.Headers.NonValidated, target, locations, isUpgrade: false);

        // Beside chunks a length is not the message's, and some statuses have no content to measure.
        if (source.Content.Headers.NonValidated.TryGetValues("Content-Length", out var length)
            && !source.Headers.NonValidated.Contains("Transfer-Encoding")
            && target.StatusCode is not (204 or < 200))
        {
            target.Headers.ContentLength = long.TryParse(length.ToString(), out var bytes) ? bytes : null;
        }
    }

    private static void Copy(HttpHeadersNonValidated headers, HttpResponse target, in LocationPolicy locations, bool isUpgrade)
    {
        foreach (var (name, values) in headers)
        {
            if (Standard.Contains(name) || (isUpgrade && WebSocket.Contains(name)))
                target.Headers[name] = values.Count == 1 ? values.ToString() : new StringValues([.. values]);
            else if (name.EndsWith("Location", StringComparison.OrdinalIgnoreCase))
                CopyLocation(name, values, target, locations);
            else if (name.Equals("Link", StringComparison.OrdinalIgnoreCase) && !values.ToString().Contains(locations.Request.Host, StringComparison.OrdinalIgnoreCase))
                target.Headers.Link = values.ToString();
        }
    }

    private static void CopyLocation(string name, in HeaderStringValues values, HttpResponse target, in LocationPolicy locations)
    {
        var isKnown = name.Equals("Location", StringComparison.OrdinalIgnoreCase) || name.Equals("Content-Location", StringComparison.OrdinalIgnoreCase);
        if (isKnown && values.Count == 1 && locations.Rewrite(values.ToString()) is { } rewritten)
            target.Headers[name] = rewritten;
    }
}
