using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace ToolGateway.Hosting;

/// <summary>JSON settings that know the children of each key: the provider it derives from looks through all keys for each, which many agents or tools make quadratic.</summary>
internal sealed class IndexedJson(JsonStreamConfigurationSource source) : JsonStreamConfigurationProvider(source)
{
    private readonly Dictionary<string, List<string>> _children = new(StringComparer.OrdinalIgnoreCase);

    public override void Load(Stream stream)
    {
        base.Load(stream);
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var key in Data.Keys)
            Index(key, known);
    }

    public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
    {
        List<string> keys = [.. earlierKeys, .. _children.GetValueOrDefault(parentPath ?? "") ?? []];
        keys.Sort(ConfigurationKeyComparer.Instance);
        return keys;
    }

    /// <summary>Notes a key with its parents, up to the first that is known.</summary>
    private void Index(string key, HashSet<string> known)
    {
        while (key.Length > 0 && known.Add(key))
        {
            var colon = key.LastIndexOf(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
            var parent = colon < 0 ? "" : key[..colon];
            if (!_children.TryGetValue(parent, out var children))
                _children.Add(parent, children = []);
            children.Add(key[(colon + 1)..]);
            key = parent;
        }
    }
}

/// <summary>Makes an <see cref="IndexedJson"/>.</summary>
internal sealed class IndexedJsonSource : JsonStreamConfigurationSource
{
    public override IConfigurationProvider Build(IConfigurationBuilder builder) => new IndexedJson(this);
}
