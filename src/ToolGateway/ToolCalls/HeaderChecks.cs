using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ToolGateway.Enforcement;

namespace ToolGateway.ToolCalls;

/// <summary>Refuses requests whose header fields leave open what the message is.</summary>
internal static class HeaderChecks
{
    private const string RenamedContentLength = "X-Content-Length";

    private static readonly CallRefusal TwoLengths = new(400, ReasonCodes.RequestMalformed, "Content-Length and Transfer-Encoding must not be sent together.")
    {
        ClosesConnection = true,
    };

    private static readonly CallRefusal OtherCoding = new(400, ReasonCodes.RequestMalformed, "The only supported transfer coding is chunked.")
    {
        ClosesConnection = true,
    };

    private static readonly CallRefusal OldChunks = OtherCoding with { Detail = "HTTP/1.0 has no transfer codings: send Content-Length, or HTTP/1.1." };
    private static readonly CallRefusal ConnectionField = new(400, ReasonCodes.RequestMalformed, "Over HTTP/2 there are no fields about the connection, such as Transfer-Encoding.");
    private static readonly CallRefusal OtherExpectation = new(400, ReasonCodes.HeaderInvalid, "The only supported expectation is 100-continue.");
    private static readonly CallRefusal NoUpgrade = new(400, ReasonCodes.UpgradeRefused, "This tool is not called over upgraded connections.");
    private static readonly CallRefusal NoTunnel = new(400, ReasonCodes.UpgradeRefused, "Tunnels and CONNECT are not supported.");

    public static CallRefusal? Check(HttpContext context, Tool tool)
    {
        var request = context.Request;
        if (HasConnectionField(request))
            return ConnectionField;
        if (request.Headers.TransferEncoding.Count > 0 && HttpProtocol.IsHttp10(request.Protocol))
            return OldChunks;
        if (HasTwoLengths(request.Headers))
            return TwoLengths;
        if (HasOtherTransferCoding(request.Headers))
            return OtherCoding;
        if (HasOtherExpectation(request.Headers))
            return OtherExpectation;
        if (IsTunnel(context))
            return NoTunnel;
        return IsUpgrade(context) && !(tool.AllowUpgrade && IsWebSocket(context)) ? NoUpgrade : null;
    }

    /// <summary>RFC 9113 section 8.2.2; Kestrel itself refuses only Connection and most of TE.</summary>
    internal static bool HasConnectionField(HttpRequest request) => !HttpProtocol.IsHttp11(request.Protocol) && !HttpProtocol.IsHttp10(request.Protocol)
        && (request.Headers.TransferEncoding.Count > 0 || request.Headers.KeepAlive.Count > 0 || request.Headers.Upgrade.Count > 0 || request.Headers.ContainsKey("Proxy-Connection"));

    /// <summary>Kestrel renames a Content-Length that stands beside Transfer-Encoding, and goes on.</summary>
    internal static bool HasTwoLengths(IHeaderDictionary headers) =>
        headers.TransferEncoding.Count > 0 && (headers.ContentLength is not null || headers.ContainsKey(RenamedContentLength));

    internal static bool HasOtherTransferCoding(IHeaderDictionary headers) =>
        headers.TransferEncoding.Count > 0
        && !(headers.TransferEncoding.Count == 1 && string.Equals(headers.TransferEncoding[0], "chunked", StringComparison.OrdinalIgnoreCase));

    internal static bool HasOtherExpectation(IHeaderDictionary headers) =>
        headers.Expect.Count > 0 && !(headers.Expect.Count == 1 && string.Equals(headers.Expect[0], "100-continue", StringComparison.OrdinalIgnoreCase));

    internal static bool IsTunnel(HttpContext context) => HttpMethods.IsConnect(context.Request.Method);

    /// <summary>Whether the caller asks to leave HTTP on this connection.</summary>
    internal static bool IsUpgrade(HttpContext context) => context.Request.Headers.Upgrade.Count > 0;

    /// <summary>The one protocol that YARP can switch to and whose handshake the header policy knows.</summary>
    internal static bool IsWebSocket(HttpContext context) =>
        context.Request.Headers.Upgrade is { Count: 1 } upgrade
        && string.Equals(upgrade[0], "websocket", StringComparison.OrdinalIgnoreCase)
        && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };
}
