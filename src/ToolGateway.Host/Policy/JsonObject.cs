using ToolGateway.Rego.Values;

namespace ToolGateway.Host.Policy;

/// <summary>Builds output documents.</summary>
internal static class JsonObject
{
    public static RegoObject Of(params ReadOnlySpan<(string Name, RegoValue Value)> members)
    {
        var pairs = new List<KeyValuePair<RegoValue, RegoValue>>(members.Length);
        foreach (var (name, value) in members)
            pairs.Add(new(Text(name), value));
        return RegoObject.From(pairs);
    }

    public static RegoValue Text(string value) => new RegoString(value);
}
