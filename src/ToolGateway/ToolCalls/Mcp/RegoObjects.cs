using ToolGateway.Rego.Values;

namespace ToolGateway.ToolCalls.Mcp;

/// <summary>Objects that differ in one member.</summary>
internal static class RegoObjects
{
    public static RegoObject With(this RegoObject map, string member, RegoValue value) => RegoObject.From(map.Append(new(new RegoString(member), value)));

    public static RegoObject Without(this RegoObject map, string member) =>
        map.TryGetValue(member, out _) ? RegoObject.From(map.Where(pair => pair.Key is not RegoString { Value: var name } || name != member)) : map;
}
