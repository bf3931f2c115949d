namespace ToolGateway.ToolCalls.Mcp;

/// <summary>The protocol revisions that the gateway speaks.</summary>
internal static class McpVersions
{
    /// <summary>The first revision without sessions.</summary>
    public const string Modern = "2026-07-28";

    /// <summary>What a request without the version header means, once a session exists.</summary>
    public const string Assumed = "2025-03-26";

    public static IReadOnlyList<string> Supported { get; } = [Modern, "2025-11-25", "2025-06-18", Assumed];

    public static bool IsSupported(string version) => Supported.Contains(version, StringComparer.Ordinal);

    public static bool IsModern(string version) => string.CompareOrdinal(version, Modern) >= 0;
}
