using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Bundles;

/// <summary>What <c>.manifest</c> says. Members that are not known are ignored, as in OPA.</summary>
internal sealed record BundleManifest(string? Revision, IReadOnlyList<string> Roots, int RegoVersion, RegoObject Metadata)
{
    public const string FileName = ".manifest";

    public static BundleManifest Default { get; } = new(null, [""], 1, RegoObject.Empty);

    /// <summary>The manifest, or null with the reasons reported.</summary>
    public static BundleManifest? Read(RegoValue document, Action<string> report)
    {
        if (document is not RegoObject map)
        {
            report($"{FileName}: not an object; write {{\"revision\": \"…\", \"roots\": [\"…\"]}}");
            return null;
        }

        var isSound = true;
        var manifest = new BundleManifest(
            Member<RegoString>(map, "revision", "a string", Report)?.Value is { Length: > 0 } revision ? revision : null,
            ReadRoots(map, Report),
            ReadVersion(map, Report),
            Member<RegoObject>(map, "metadata", "an object", Report) ?? RegoObject.Empty);
        return isSound ? manifest : null;

        void Report(string problem)
        {
            isSound = false;
            report($"{FileName}: {problem}");
        }
    }

    private static IReadOnlyList<string> ReadRoots(RegoObject map, Action<string> report)
    {
        if (Member<RegoArray>(map, "roots", "an array of paths", report) is not { } array)
            return Default.Roots;
        var roots = new List<string>();
        foreach (var item in array)
        {
            if (item is not RegoString { Value: var text } || BundlePath.Normalize(text) is not { } root)
                report($"root {item} is no path below data; write parts with / between them, without ..");
            else if (roots.Find(other => BundlePath.IsWithin(root, other) || BundlePath.IsWithin(other, root)) is { } overlapping)
                report($"roots '{overlapping}' and '{root}' overlap; keep the shorter one");
            else
                roots.Add(root);
        }

        return roots;
    }

    private static int ReadVersion(RegoObject map, Action<string> report)
    {
        var version = 1;
        if (Member<RegoNumber>(map, "rego_version", "0 or 1", report) is { } number)
            version = VersionOf(number, report);
        foreach (var (glob, value) in Member<RegoObject>(map, "file_rego_versions", "an object", report) ?? RegoObject.Empty)
        {
            if (value is not RegoNumber own || VersionOf(own, report) != version)
                report($"file_rego_versions: {glob} has another version than the bundle; use one version (opa fmt --rego-v1 writes version 1)");
        }

        return version;
    }

    private static int VersionOf(RegoNumber number, Action<string> report)
    {
        if (number.TryGetInt64(out var version) && version is 0 or 1)
            return (int)version;
        report($"rego_version {number.ToText()} is not known; write 0 or 1");
        return 1;
    }

    private static T? Member<T>(RegoObject map, string name, string kind, Action<string> report)
        where T : RegoValue
    {
        if (!map.TryGetValue(name, out var value) || value is RegoNull)
            return null;
        if (value is not T)
            report($"{name} is not {kind}");
        return value as T;
    }
}
