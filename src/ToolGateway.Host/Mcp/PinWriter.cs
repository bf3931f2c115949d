using System.Text.Json.Nodes;
using ToolGateway.Enforcement.Mcp.Pinning;
using ToolGateway.Host.Dev;
using ToolGateway.Hosting;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Host.Mcp;

/// <summary>Makes the file of pins: with the definitions themselves, so that a review sees what changed.</summary>
internal sealed class PinWriter
{
    private readonly SortedDictionary<string, RegoObject> _tools = new(StringComparer.Ordinal);

    public int Count => _tools.Count;

    public static PinWriter Of(IEnumerable<RegoObject> definitions)
    {
        var pins = new PinWriter();
        foreach (var definition in definitions)
        {
            if (!definition.TryGetValue("name", out var value) || value is not RegoString { Value: var name } || !Names.IsValid(name))
                throw new McpServerException("it lists a tool without a valid name");
            if (!pins._tools.TryAdd(name, ToolPinFile.Pinnable(definition)))
                throw new McpServerException($"it lists {name} twice");
        }

        return pins;
    }

    /// <summary>One line for each tool that is new, changed or gone.</summary>
    public IEnumerable<string> ComparedWith(string path)
    {
        var files = new FileSet(Path.GetDirectoryName(path)!);
        var before = File.Exists(path) ? ToolPinFile.Read(path, "(file)", files, new ConfigurationErrors())?.Tools : null;
        foreach (var (name, definition) in _tools)
        {
            if (before?.GetValueOrDefault(name) is not { } pin)
                yield return $"new      {name}";
            else if (pin.Digest != ToolPinFile.Digest(definition))
                yield return $"changed  {name}";
        }

        foreach (var name in (before?.Keys ?? []).Where(name => !_tools.ContainsKey(name)).Order(StringComparer.Ordinal))
            yield return $"gone     {name}";
    }

    public void Write(string path)
    {
        var tools = new JsonObject();
        foreach (var (name, definition) in _tools)
            tools[name] = new JsonObject { ["digest"] = ToolPinFile.Digest(definition), ["definition"] = JsonNode.Parse(definition.ToJson()) };
        DevFiles.Write(Path.GetDirectoryName(path)!, Path.GetFileName(path), new JsonObject { ["tools"] = tools }.ToJsonString(DevFiles.Indented) + "\n");
    }
}
