namespace ToolGateway.ToolCalls.Targets;

/// <summary>A request target in canonical form: <c>/tools/{name}</c>, then the path at the tool, then the query.</summary>
/// <param name="Raw">The target as received.</param>
/// <param name="NameStart">Where the tool's name begins.</param>
/// <param name="PathStart">Where the path at the tool begins; its first character is a slash unless it is empty.</param>
/// <param name="PathEnd">Where the path ends: the question mark, or the end.</param>
internal readonly record struct ToolTarget(string Raw, int NameStart, int PathStart, int PathEnd)
{
    public ReadOnlySpan<char> ToolName => Raw.AsSpan(NameStart, PathStart - NameStart);

    public ReadOnlySpan<char> Path => Raw.AsSpan(PathStart, PathEnd - PathStart);

    /// <summary>Path and query at the tool.</summary>
    public ReadOnlySpan<char> PathAndQuery => Raw.AsSpan(PathStart);

    public bool HasQuery => PathEnd < Raw.Length;

    /// <summary>The query without its question mark.</summary>
    public ReadOnlySpan<char> Query => HasQuery ? Raw.AsSpan(PathEnd + 1) : default;
}
