using ToolGateway.Rego.Values;

namespace ToolGateway.ToolCalls.Mcp;

/// <summary>One approved definition.</summary>
/// <param name="Headers">The arguments that a header mirrors: names of headers, and where in the arguments the value is.</param>
internal sealed record ToolPin(string Digest, RegoObject Annotations, IReadOnlyDictionary<string, IReadOnlyList<string>> Headers)
{
    private const int MaxDepth = 16;

    public static ToolPin Of(RegoValue value)
    {
        if (value is not RegoObject pin || !pin.TryGetValue("digest", out var digest) || digest is not RegoString { Value: var text })
            throw new FormatException("each tool needs a digest");
        if (!pin.TryGetValue("definition", out var described))
            return new ToolPin(text, RegoObject.Empty, new Dictionary<string, IReadOnlyList<string>>());
        if (described is not RegoObject definition || ToolPinFile.Digest(definition) != text)
            throw new FormatException("a definition does not have the digest beside it");
        var headers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        if (definition.TryGetValue("inputSchema", out var schema))
            FindHeaders(schema, [], headers);
        return new ToolPin(text, definition.TryGetValue("annotations", out var annotations) && annotations is RegoObject known ? known : RegoObject.Empty, headers);
    }

    /// <summary>Only members of objects can be mirrored: what is below arrays or alternatives has no fixed place.</summary>
    private static void FindHeaders(RegoValue schema, IReadOnlyList<string> path, Dictionary<string, IReadOnlyList<string>> headers)
    {
        if (path.Count > MaxDepth || schema is not RegoObject members)
            return;
        if (members.TryGetValue("x-mcp-header", out var value) && value is RegoString { Value: var name } && path.Count > 0)
            headers[McpNames.ParameterHeaderPrefix + name] = path;
        if (!members.TryGetValue("properties", out var properties) || properties is not RegoObject known)
            return;
        foreach (var (key, property) in known)
        {
            if (key is RegoString { Value: var member })
                FindHeaders(property, [.. path, member], headers);
        }
    }
}
