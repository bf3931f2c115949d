using ToolGateway.Enforcement;
using ToolGateway.Rego.Values;

namespace ToolGateway.ToolCalls.Targets;

/// <summary>Reads a query into arguments by the names that an action lists.</summary>
internal static class QueryReader
{
    private const int MaxPairs = 256;

    private static readonly CallRefusal Empty = Invalid("The query has an empty pair or a pair without a name.");
    private static readonly CallRefusal TooMany = Invalid("The query has more than 256 pairs.");
    private static readonly CallRefusal Unlisted = Invalid("The query has a name that the action does not list.");
    private static readonly CallRefusal Repeated = Invalid("A query name that may be given once is given twice, or in two spellings.");

    /// <summary>Arguments of <paramref name="target"/>, or why they are refused.</summary>
    public static CallRefusal? Read(in ToolTarget target, ToolAction action, out RegoObject arguments)
    {
        arguments = RegoObject.Empty;
        if (!target.HasQuery)
            return null;
        var pairs = new List<QueryArgument>(4);
        var rest = target.Query;
        while (true)
        {
            var end = rest.IndexOf('&');
            if (ReadPair(end < 0 ? rest : rest[..end], action, pairs) is { } refusal)
                return refusal;
            if (end < 0)
                break;
            rest = rest[(end + 1)..];
        }

        arguments = ToObject(pairs);
        return null;
    }

    private static CallRefusal? ReadPair(ReadOnlySpan<char> pair, ToolAction action, List<QueryArgument> pairs)
    {
        var equals = pair.IndexOf('=');
        var rawName = equals < 0 ? pair : pair[..equals];
        if (rawName.IsEmpty)
            return Empty;
        if (pairs.Count == MaxPairs)
            return TooMany;
        var name = Decode(rawName);
        if (!action.QueryMany.TryGetValue(name, out var many))
        {
            // A listed name in another spelling is that name to some tools, and would escape its rules under the wildcard.
            if (!action.AnyQuery || IsListedIgnoringCase(action, name))
                return Unlisted;
            many = true;
        }

        var value = new RegoString(equals < 0 ? "" : Decode(pair[(equals + 1)..]));
        foreach (var known in pairs)
        {
            if (!string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase))
                continue;
            if (!many || !string.Equals(known.Name, name, StringComparison.Ordinal))
                return Repeated;
            known.Values.Add(value);
            return null;
        }

        pairs.Add(new QueryArgument(name, many, [value]));
        return null;
    }

    private static bool IsListedIgnoringCase(ToolAction action, string name)
    {
        foreach (var listed in action.QueryMany.Keys)
        {
            if (string.Equals(listed, name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static RegoObject ToObject(List<QueryArgument> pairs)
    {
        var members = new KeyValuePair<RegoValue, RegoValue>[pairs.Count];
        for (var i = 0; i < members.Length; i++)
            members[i] = new(new RegoString(pairs[i].Name), pairs[i].Many ? RegoArray.From(pairs[i].Values) : pairs[i].Values[0]);
        return RegoObject.From(members);
    }

    private static string Decode(ReadOnlySpan<char> text) => text.Contains('%') ? Uri.UnescapeDataString(text) : text.ToString();

    private static CallRefusal Invalid(string detail) => new(400, ReasonCodes.QueryInvalid, detail);

    private sealed record QueryArgument(string Name, bool Many, List<RegoValue> Values);
}
