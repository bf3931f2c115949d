using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ToolGateway.ToolCalls.Bodies;

/// <summary>Judges what a body says about itself.</summary>
internal static class MediaTypes
{
    /// <summary>Whether the one <c>Content-Type</c> is JSON in UTF-8.</summary>
    public static bool IsJson(StringValues contentType)
    {
        if (contentType.Count != 1)
            return false;
        return contentType[0] is "application/json" or "application/json; charset=utf-8" || IsJsonWithParameters(contentType[0]);
    }

    /// <summary>Whether the body is sent as it is.</summary>
    public static bool IsIdentity(StringValues contentEncoding) =>
        contentEncoding.Count == 0 || (contentEncoding.Count == 1 && string.Equals(contentEncoding[0], "identity", StringComparison.OrdinalIgnoreCase));

    private static bool IsJsonWithParameters(string? text)
    {
        if (!MediaTypeHeaderValue.TryParse(text, out var type))
            return false;

        // Of two charsets, the tool might take the other.
        if (type.Parameters.Count(static parameter => parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase)) > 1)
            return false;
        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
            return false;
        return type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
            && (type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));
    }
}
