using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Conformance;

/// <summary>Compares result sets as OPA's own runner does: as sets of objects, after a trip through JSON.</summary>
internal static class Bindings
{
    public static string? Difference(ConformanceCase @case, IEnumerable<RegoObject> got)
    {
        var wanted = RegoSet.From(@case.WantResult!.Select(binding => Normalize(@case, (RegoObject)binding)));
        var actual = RegoSet.From(got.Select(binding => Normalize(@case, binding)));
        return wanted.Equals(actual) ? null : $"want {Shorten(wanted.ToJson())} got {Shorten(actual.ToJson())}";
    }

    private static RegoObject Normalize(ConformanceCase @case, RegoObject binding)
    {
        var members = new List<KeyValuePair<RegoValue, RegoValue>>();
        foreach (var (name, value) in binding)
        {
            if (@case.IgnoreGeneratedVars && name is RegoString { Value: ['$' or '_', ..] })
                continue;
            var json = RegoJson.Parse(value.ToJson());
            members.Add(KeyValuePair.Create(name, @case.SortBindings && json is RegoArray array ? Sorted(array) : json));
        }

        return RegoObject.From(members);
    }

    private static RegoValue Sorted(RegoArray array)
    {
        var items = array.Items.ToArray();
        Array.Sort(items);
        return RegoJson.Parse("[" + string.Join(',', items.Select(item => item.ToJson())) + "]");
    }

    private static string Shorten(string text) => text.Length <= 400 ? text : text[..400] + "…";
}
