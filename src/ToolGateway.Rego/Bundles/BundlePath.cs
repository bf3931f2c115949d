namespace ToolGateway.Rego.Bundles;

/// <summary>Paths in bundles and below <c>data</c>.</summary>
internal static class BundlePath
{
    /// <summary>The path without <c>/</c> or <c>./</c> in front (OPA writes <c>/data.json</c>, tar <c>./data.json</c>); null for one that leads out of the bundle.</summary>
    public static string? Normalize(string path)
    {
        if (path.Contains('\\') || path.Any(char.IsControl))
            return null;
        var segments = path.Split('/').Where(segment => segment is not ("" or ".")).ToArray();
        return segments.Contains("..") ? null : string.Join('/', segments);
    }

    /// <summary>Whether <paramref name="path"/> is <paramref name="root"/> or below it.</summary>
    public static bool IsWithin(string path, string root) =>
        root.Length == 0 || path == root || (path.StartsWith(root, StringComparison.Ordinal) && path[root.Length] == '/');
}
