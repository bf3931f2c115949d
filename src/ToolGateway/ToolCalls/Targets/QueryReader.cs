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
        var query = target.Query;
        var count = query.Count('&') + 1;
        if (count > MaxPairs)
            return TooMany;
        var read = new Arguments(action, new QueryArgument[count]);
        while (true)
        {
            var end = query.IndexOf('&');
            if (read.Add(end < 0 ? query : query[..end]) is { } refusal)
                return refusal;
            if (end < 0)
                break;
            query = query[(end + 1)..];
        }

        arguments = read.ToObject();
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

    private static string Decode(ReadOnlySpan<char> text) => text.Contains('%') ? Uri.UnescapeDataString(text) : text.ToString();

    private static CallRefusal Invalid(string detail) => new(400, ReasonCodes.QueryInvalid, detail);

    /// <summary>The arguments of one query so far.</summary>
    private ref struct Arguments(ToolAction action, QueryArgument[] items)
    {
        private int _count;

        public CallRefusal? Add(ReadOnlySpan<char> pair)
        {
            var equals = pair.IndexOf('=');
            var rawName = equals < 0 ? pair : pair[..equals];
            if (rawName.IsEmpty)
                return Empty;
            var name = Decode(rawName);
            if (!action.QueryMany.TryGetValue(name, out var many))
            {
                // A listed name in another spelling is that name to some tools, and would escape its rules under the wildcard.
                if (!action.AnyQuery || IsListedIgnoringCase(action, name))
                    return Unlisted;
                many = true;
            }

            var value = new RegoString(equals < 0 ? "" : Decode(pair[(equals + 1)..]));
            return Add(name, many, value) ? null : Repeated;
        }

        public readonly RegoObject ToObject()
        {
            var members = new KeyValuePair<RegoValue, RegoValue>[_count];
            for (var i = 0; i < members.Length; i++)
                members[i] = new(new RegoString(items[i].Name), items[i].ToValue());
            return RegoObject.Of(members);
        }

        private bool Add(string name, bool many, RegoString value)
        {
            for (var i = 0; i < _count; i++)
            {
                if (!string.Equals(items[i].Name, name, StringComparison.OrdinalIgnoreCase))
                    continue;
                if (!many || !string.Equals(items[i].Name, name, StringComparison.Ordinal))
                    return false;
                (items[i].More ??= []).Add(value);
                return true;
            }

            items[_count++] = new QueryArgument { Name = name, Many = many, First = value };
            return true;
        }
    }

    private struct QueryArgument
    {
        public string Name;
        public bool Many;
        public RegoString First;
        public List<RegoValue>? More;

        public readonly RegoValue ToValue()
        {
            if (!Many)
                return First;
            return More is null ? RegoArray.Of(First) : RegoArray.From([First, .. More]);
        }
    }
}
