using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ToolGateway.Rego.Values;

namespace ToolGateway.ToolCalls.Mcp;

/// <summary>Compares the headers that mirror the body with the body. The body is what is decided; a header that says something else is refused.</summary>
internal static class McpHeaders
{
    private const string EncodedStart = "=?base64?";
    private const string EncodedEnd = "?=";

    /// <summary>Null when every mirror agrees, otherwise what is wrong.</summary>
    public static string? Check(IHeaderDictionary headers, McpMessage message, bool isModern)
    {
        if (CheckMirror(headers, McpNames.MethodHeader, message.Method, isModern && message.Kind == McpMessageKind.Request) is { } method)
            return method;
        if (message.MetaText(McpNames.VersionMeta) is { } stated && CheckMirror(headers, McpNames.VersionHeader, stated, isRequired: true) is { } version)
            return version;
        return McpMethods.NamedBy(message.Method) is { } member
            ? CheckMirror(headers, McpNames.NameHeader, message.Text(member) ?? "", isModern)
            : headers.ContainsKey(McpNames.NameHeader) ? $"The header {McpNames.NameHeader} does not belong to this method." : null;
    }

    /// <summary>Null when the headers that mirror arguments agree with them, otherwise what is wrong.</summary>
    public static string? CheckParameters(IHeaderDictionary headers, ToolPin pin, RegoValue arguments)
    {
        foreach (var (name, path) in pin.Headers)
        {
            var argument = path.Aggregate((RegoValue?)arguments, (value, member) => value is RegoObject members && members.TryGetValue(member, out var next) ? next : null);
            if (argument is null or RegoNull)
            {
                if (headers.ContainsKey(name))
                    return $"The header {name} mirrors an argument that is not there.";
            }
            else if (CheckMirror(headers, name, argument is RegoString { Value: var text } ? text : argument.ToJson(), isRequired: true) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>The text that a header value stands for, or null when it is no canonical encoding of one.</summary>
    public static string? Decode(string value)
    {
        if (!value.StartsWith(EncodedStart, StringComparison.Ordinal) || !value.EndsWith(EncodedEnd, StringComparison.Ordinal))
            return IsPlain(value) ? value : null;
        if (value.Length < EncodedStart.Length + EncodedEnd.Length)
            return null;
        var encoded = value[EncodedStart.Length..^EncodedEnd.Length];
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length) || Convert.ToBase64String(bytes, 0, length) != encoded)
            return null;
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string? CheckMirror(IHeaderDictionary headers, string name, string expected, bool isRequired)
    {
        StringValues values = headers[name];
        if (values.Count == 0)
            return isRequired ? $"The header {name} is missing." : null;
        return values.Count == 1 && values[0] is { } value && Decode(value) is { } text && string.Equals(text, expected, StringComparison.Ordinal)
            ? null
            : $"The header {name} differs from the body.";
    }

    private static bool IsPlain(string value)
    {
        foreach (var c in value)
        {
            if (c is (< ' ' or > '~') and not '\t')
                return false;
        }

        return true;
    }
}
