using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ToolGateway.Hosting;
using ToolGateway.Rego;
using ToolGateway.Rego.Values;

namespace ToolGateway.Decisions.Embedded;

/// <summary>A policy as it lies in a directory: Rego, data at its path, and the revision: that of a bundle manifest, or a digest of names and contents, wherever the directory is.</summary>
internal sealed record PolicyFiles(IReadOnlyList<RegoSource> Sources, RegoObject Data, string Revision)
{
    public const int DefaultRegoVersion = 1;

    private const string Manifest = ".manifest";

    /// <summary>The bundle that the files came in; null for a directory.</summary>
    public PolicyBundle? Bundle { get; init; }

    public int RegoVersion => Bundle?.Content.RegoVersion ?? DefaultRegoVersion;

    /// <summary>Whether a file is part of a policy. Tests are not: they may need what production forbids.</summary>
    public static bool IsPolicy(string path) =>
        (path.EndsWith(".rego", StringComparison.Ordinal) && !path.EndsWith("_test.rego", StringComparison.Ordinal)) || IsData(path) || Path.GetFileName(path) == Manifest;

    public static bool IsData(string path) => Path.GetFileName(path) is "data.json" or "data.yaml" or "data.yml";

    /// <summary>Sorts files into sources and data.</summary>
    /// <param name="report">Takes what is wrong with a file, as text with its place.</param>
    public static PolicyFiles Read(IEnumerable<PolicyFile> files, Action<string> report)
    {
        var sources = new List<RegoSource>();
        var data = new RegoDataTree();
        string? revision = null;
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (shown, place, content) in files)
        {
            digest.AppendData(Encoding.UTF8.GetBytes($"{place}\0{Path.GetFileName(shown)}\0{content.Length}\0"));
            digest.AppendData(content.Span);
            if (shown.EndsWith(".rego", StringComparison.Ordinal))
            {
                if (Text(content, shown, report) is { } text)
                    sources.Add(new RegoSource(shown, text));
            }
            else if (DataReader.Read(content, shown, report) is { } document)
            {
                if (Path.GetFileName(shown) == Manifest)
                    revision = (document as RegoObject)?.TryGetValue("revision", out var value) == true && value is RegoString { Value.Length: > 0 } name ? name.Value : null;
                else
                    AddData(data, place, document, shown, report);
            }
        }

        return new PolicyFiles(sources, data.ToObject(), revision ?? Convert.ToHexStringLower(digest.GetHashAndReset()));
    }

    private static void AddData(RegoDataTree data, string place, RegoValue document, string shown, Action<string> report)
    {
        foreach (var problem in data.Add(place, document))
            report($"{shown}: {problem}");
    }

    private static string? Text(ReadOnlyMemory<byte> content, string shown, Action<string> report)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content.Span);
        }
        catch (DecoderFallbackException e)
        {
            report($"{shown}: not UTF-8 at byte {e.Index}; save the file as UTF-8");
            return null;
        }
    }
}

/// <summary>One file of a policy.</summary>
/// <param name="Shown">Its path as messages show it.</param>
/// <param name="Place">Its directory below the policy's; data is at this path.</param>
internal readonly record struct PolicyFile(string Shown, string Place, ReadOnlyMemory<byte> Content);

/// <summary>Reads one data file.</summary>
internal static class DataReader
{
    public static RegoValue? Read(ReadOnlyMemory<byte> content, string shown, Action<string> report)
    {
        if (shown.EndsWith(".yaml", StringComparison.Ordinal) || shown.EndsWith(".yml", StringComparison.Ordinal))
        {
            if (RegoYaml.TryParse(Encoding.UTF8.GetString(content.Span), out var value, out var error, out var line))
                return value;
            report($"{shown}:{line}: not YAML: {error}");
            return null;
        }

        try
        {
            return RegoJson.Parse(content.Span);
        }
        catch (JsonException e)
        {
            report($"{shown}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: not JSON: {JsonProblem.Of(e)}");
        }
        return null;
    }
}
