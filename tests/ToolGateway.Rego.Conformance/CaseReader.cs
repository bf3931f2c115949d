using ToolGateway.Rego.Values;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ToolGateway.Rego.Conformance;

/// <summary>Reads the cases of every <c>*.yaml</c> below a folder.</summary>
public static class CaseReader
{
    public static IReadOnlyList<ConformanceCase> ReadAll(string directory) =>
        [.. Directory.EnumerateFiles(directory, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(file => ReadFile(directory, file))];

    public static IEnumerable<ConformanceCase> ReadFile(string root, string file)
    {
        var yaml = new YamlStream();
        using (var reader = File.OpenText(file))
            yaml.Load(new MergingParser(new Parser(reader)));
        var folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/');
        foreach (var document in yaml.Documents)
        {
            if (document.RootNode is YamlMappingNode map && Find(map, "cases") is YamlSequenceNode cases)
            {
                foreach (var node in cases.OfType<YamlMappingNode>())
                    yield return ReadCase(file, folder, node);
            }
        }
    }

    private static ConformanceCase ReadCase(string file, string folder, YamlMappingNode node) => new(file, folder, Text(node, "note") ?? "")
    {
        Modules = Find(node, "modules") is YamlSequenceNode modules ? [.. modules.Select(module => ((YamlScalarNode)module).Value ?? "")] : [],
        Query = Text(node, "query") ?? "",
        Data = Find(node, "data") is { } data && YamlValues.Read(data) is RegoObject map ? map : RegoObject.Empty,
        Input = Find(node, "input") is { } input ? YamlValues.Read(input) : null,
        InputTerm = Text(node, "input_term"),
        WantResult = Find(node, "want_result") is YamlSequenceNode wanted ? [.. wanted.Select(YamlValues.Read)] : null,
        WantDefined = Text(node, "want_defined") is { } defined ? defined == "true" : null,
        WantErrorCode = Text(node, "want_error_code"),
        WantError = Text(node, "want_error"),
        SortBindings = Flag(node, "sort_bindings"),
        StrictError = Flag(node, "strict_error"),
        IgnoreGeneratedVars = Flag(node, "ignore_generated_vars"),
        Env = Find(node, "env") is YamlMappingNode env
            ? env.Children.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => ((YamlScalarNode)pair.Value).Value ?? "")
            : new Dictionary<string, string>(),
    };

    private static YamlNode? Find(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;

    private static string? Text(YamlMappingNode map, string key) => (Find(map, key) as YamlScalarNode)?.Value;

    private static bool Flag(YamlMappingNode map, string key) => Text(map, key) == "true";
}
