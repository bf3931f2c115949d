using System.Text;
using System.Text.Json;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Bundles;

/// <summary>One file of a bundle.</summary>
internal sealed class BundleFile(string path, ReadOnlyMemory<byte> content)
{
    private RegoValue? _document;

    public string Path => path;

    public ReadOnlySpan<byte> Content => content.Span;

    public string Name => path[(path.LastIndexOf('/') + 1)..];

    public string Directory => path[..Math.Max(0, path.LastIndexOf('/'))];

    public bool IsModule => path.EndsWith(".rego", StringComparison.Ordinal);

    public bool IsData => Name is "data.json" or "data.yaml" or "data.yml";

    /// <summary>Whether OPA signs the document rather than the bytes, so that white space does not matter. It does not know data.yml here.</summary>
    public bool IsSignedAsDocument => Name is "data.json" or "data.yaml" or ".manifest";

    /// <summary>The text, or null with the reason reported.</summary>
    public string? ReadText(Action<string> report)
    {
        if (System.Text.Unicode.Utf8.IsValid(Content))
            return Encoding.UTF8.GetString(Content);
        report($"{path}: not UTF-8; save the file as UTF-8");
        return null;
    }

    /// <summary>The document, or null with the reason reported.</summary>
    public RegoValue? ReadDocument(Action<string> report) =>
        _document ??= Name.EndsWith(".yaml", StringComparison.Ordinal) || Name.EndsWith(".yml", StringComparison.Ordinal) ? ReadYaml(report) : ReadJson(report);

    private RegoValue? ReadYaml(Action<string> report)
    {
        if (ReadText(report) is not { } text)
            return null;
        if (RegoYaml.TryParse(text, out var value, out var error, out var line))
            return value;
        report($"{path}:{line}: not YAML: {error}");
        return null;
    }

    private RegoValue? ReadJson(Action<string> report)
    {
        try
        {
            return RegoJson.Parse(Content);
        }
        catch (JsonException e)
        {
            report($"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: not JSON: {e.Message}");
            return null;
        }
    }
}
