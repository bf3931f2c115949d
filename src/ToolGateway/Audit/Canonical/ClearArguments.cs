using System.Text;
using ToolGateway.Audit.Records;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls;

namespace ToolGateway.Audit.Canonical;

/// <summary>The arguments that the policy's <c>audit_arguments</c> names, and no others, as a map from pointer to value.</summary>
internal static class ClearArguments
{
    public static void Append(RecordBuffer target, IReadOnlyList<string> pointers, ToolCall call)
    {
        target.Raw((byte)'{');
        RegoValue? body = null;
        var any = false;
        foreach (var pointer in pointers)
        {
            if (Find(pointer, call, ref body) is not { } value)
                continue;
            if (any)
                target.Raw((byte)',');
            any = true;
            target.Text(pointer);
            target.Raw((byte)':');
            Write(target, value);
        }

        target.Raw((byte)'}');
    }

    private static RegoValue? Find(string pointer, ToolCall call, ref RegoValue? body)
    {
        // RFC 6901 section 3: a pointer is empty or begins with a slash. The empty one would be all arguments, which nobody named.
        var segments = pointer.Split('/');
        if (segments.Length < 2 || segments[0].Length > 0)
            return null;
        var value = segments[1] switch
        {
            "path" => call.PathArguments,
            "query" => call.QueryArguments,
            "headers" => call.HeaderArguments,
            "body" when call.Mcp is { } mcp => mcp.Arguments,
            "body" when !call.Body.IsEmpty => body ??= RegoJson.Parse(call.Body.Span),
            _ => (RegoValue?)null,
        };
        for (var i = 2; i < segments.Length && value is not null; i++)
            value = Step(value, segments[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        return value;
    }

    private static RegoValue? Step(RegoValue value, string segment) => value switch
    {
        RegoObject map => map.TryGetValue(segment, out var member) ? member : null,
        RegoArray array when int.TryParse(segment, System.Globalization.NumberStyles.None, null, out var index) && index < array.Count => array[index],
        _ => null,
    };

    private static void Write(RecordBuffer target, RegoValue value)
    {
        switch (value)
        {
            case RegoString text:
                target.Text(text.Value);
                break;
            case RegoArray array:
                target.Raw((byte)'[');
                for (var i = 0; i < array.Count; i++)
                {
                    if (i > 0)
                        target.Raw((byte)',');
                    Write(target, array[i]);
                }

                target.Raw((byte)']');
                break;
            case RegoObject map:
                Members(target, map);
                break;
            default:
                target.Raw(Encoding.UTF8.GetBytes(value.ToJson()));
                break;
        }
    }

    private static void Members(RecordBuffer target, RegoObject map)
    {
        target.Raw((byte)'{');
        var any = false;
        foreach (var (key, member) in map.Members)
        {
            if (any)
                target.Raw((byte)',');
            any = true;
            target.Text(key is RegoString name ? name.Value : key.ToJson());
            target.Raw((byte)':');
            Write(target, member);
        }

        target.Raw((byte)'}');
    }
}
