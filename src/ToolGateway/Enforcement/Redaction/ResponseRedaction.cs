using System.Net;
using Microsoft.AspNetCore.Http;
using ToolGateway.Enforcement.Blocking;
using ToolGateway.Hosting;
using ToolGateway.ToolCalls.Bodies;

namespace ToolGateway.Enforcement.Redaction;

/// <summary>Carries out <c>redact_response</c>: what cannot be redacted for certain is not passed on.</summary>
internal static class ResponseRedaction
{
    private static readonly Block Partial = Blocked("The tool answered with a part of the document.");
    private static readonly Block Encoded = Blocked("The tool answered with an encoded document.");
    private static readonly Block NotJson = Blocked("The tool answered with something else than JSON that can be redacted.");
    private static readonly Block TooLong = Blocked("The response is too long to be inspected.");

    /// <summary>Asks the tool for a whole, unencoded response.</summary>
    public static void ShapeRequest(HttpRequestMessage request)
    {
        var headers = request.Headers;
        headers.Remove("Range");
        headers.Remove("If-Range");
        headers.Remove("Accept-Encoding");
        headers.TryAddWithoutValidation("Accept-Encoding", "identity");
    }

    /// <summary>Writes the redacted response, or says why it is blocked.</summary>
    public static async ValueTask<Block?> ApplyAsync(
        HttpContext context, HttpResponseMessage response, IReadOnlyList<string> pointers, long maxBytes, CancellationToken cancellation)
    {
        if (response.StatusCode == HttpStatusCode.PartialContent || response.Content.Headers.ContentRange is not null)
            return Partial;
        Forget(context.Response.Headers);
        if (HasNoContent(context, response))
            return null;
        if (!MediaTypes.IsIdentity(context.Response.Headers.ContentEncoding))
            return Encoded;
        if (!MediaTypes.IsJson(context.Response.Headers.ContentType))
            return NotJson;
        if (await ReadAsync(response.Content, maxBytes, cancellation).ConfigureAwait(false) is not { } body)
            return TooLong;
        if (JsonRedactor.Redact(body.GetBuffer().AsSpan(0, (int)body.Length), pointers) is not { } redacted)
            return NotJson;
        context.Response.ContentLength = redacted.Length;
        await context.Response.Body.WriteAsync(redacted, cancellation).ConfigureAwait(false);
        return null;
    }

    /// <summary>Removes what describes the tool's bytes and not the caller's.</summary>
    private static void Forget(IHeaderDictionary headers)
    {
        headers.ContentLength = null;
        headers.ETag = default;
        headers.AcceptRanges = default;
        headers.Remove("Digest");
        headers.Remove("Content-Digest");
        headers.Remove("Repr-Digest");
    }

    private static bool HasNoContent(HttpContext context, HttpResponseMessage response) =>
        HttpMethods.IsHead(context.Request.Method)
        || response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified or HttpStatusCode.ResetContent
        || response.Content.Headers.ContentLength == 0;

    private static async ValueTask<MemoryStream?> ReadAsync(HttpContent content, long maxBytes, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > maxBytes)
            return null;
        var body = new MemoryStream((int)(content.Headers.ContentLength ?? 4096));
        var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var chunk = new byte[16 << 10];
        int read;
        while ((read = await EventLoop.ReadAndLeaveAsync(stream, chunk, cancellation).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > maxBytes)
                return null;
            body.Write(chunk.AsSpan(0, read));
        }

        return body;
    }

    private static Block Blocked(string detail) => Block.Of(502, ReasonCodes.ResponseBlocked, detail);
}
