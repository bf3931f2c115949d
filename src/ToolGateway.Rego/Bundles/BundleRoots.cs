using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Bundles;

/// <summary>Checks that a bundle gives nothing outside its roots.</summary>
internal static class BundleRoots
{
    public static void Check(BundleManifest manifest, IEnumerable<RegoSource> modules, RegoObject data, Action<string> report)
    {
        if (manifest.Roots is [""])
            return;
        var options = new ParserOptions { RegoVersion = manifest.RegoVersion };
        foreach (var source in modules)
        {
            // A module that cannot be read cannot be compiled either, and the compiler says so with its place.
            if (RegoParser.ParseModule(source, options).Module is { } module && PathOf(module) is var path && !IsOwned(manifest, path))
                report($"{source.File}: package {path.Replace('/', '.')} is outside of the roots {Shown(manifest)}; move it, or add a root to {BundleManifest.FileName}");
        }

        CheckData(manifest, data, "", report);
    }

    private static void CheckData(BundleManifest manifest, RegoObject data, string path, Action<string> report)
    {
        foreach (var (key, value) in data)
        {
            var name = (key as RegoString)?.Value ?? key.ToString();
            var place = path.Length == 0 ? name : $"{path}/{name}";
            if (IsOwned(manifest, place))
                continue;
            if (value is RegoObject inner && manifest.Roots.Any(root => BundlePath.IsWithin(root, place)))
                CheckData(manifest, inner, place, report);
            else
                report($"data at /{place} is outside of the roots {Shown(manifest)}; move it, or add a root to {BundleManifest.FileName}");
        }
    }

    private static bool IsOwned(BundleManifest manifest, string path) => manifest.Roots.Any(root => BundlePath.IsWithin(path, root));

    private static string PathOf(Module module) => string.Join('/', module.Package.Path.Operands.Select(Segment));

    private static string Segment(Term term) => term is ScalarTerm { Value: RegoString text } ? text.Value : "";

    private static string Shown(BundleManifest manifest) => $"[{string.Join(", ", manifest.Roots)}]";
}
