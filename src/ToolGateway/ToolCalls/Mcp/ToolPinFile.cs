using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ToolGateway.Hosting;
using ToolGateway.Rego.Values;

namespace ToolGateway.ToolCalls.Mcp;

/// <summary>The definitions of a server's tools that somebody looked at and approved: digest and annotations by name.</summary>
internal sealed record ToolPinFile(FrozenDictionary<string, ToolPin> Tools)
{
    /// <summary>The members of a definition that are pinned: what a model reads, and what arguments mean.</summary>
    private static readonly string[] Pinned = ["name", "title", "description", "inputSchema", "outputSchema", "annotations"];

    public static ToolPinFile? Read(string path, string key, FileSet files, ConfigurationErrors errors)
    {
        if (files.Read(path, key, errors) is not { } content)
            return null;
        try
        {
            if (RegoJson.Parse(content.Span) is RegoObject file && file.TryGetValue("tools", out var value) && value is RegoObject tools)
                return new ToolPinFile(tools.ToFrozenDictionary(pair => ((RegoString)pair.Key).Value, pair => ToolPin.Of(pair.Value), StringComparer.Ordinal));
        }
        catch (Exception e) when (e is JsonException or InvalidCastException or FormatException)
        {
            errors.Add(key, path, $"not a pin file ({e.Message}); make it with toolgateway mcp pin");
            return null;
        }

        errors.Add(key, path, "not a pin file; make it with toolgateway mcp pin");
        return null;
    }

    /// <summary>What of a definition is pinned.</summary>
    public static RegoObject Pinnable(RegoObject definition) =>
        RegoObject.From(definition.Where(pair => pair.Key is RegoString { Value: var name } && Pinned.Contains(name, StringComparer.Ordinal)));

    /// <summary>Digest of a definition as the server lists it, over canonical JSON.</summary>
    public static string Digest(RegoObject definition) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Pinnable(definition).ToJson())));
}
