using ToolGateway.Rego.Values;

namespace ToolGateway.Rego;

/// <summary>Puts data documents at their places below <c>data</c> and merges what overlaps, as OPA does for directories and bundles. Not safe for concurrent use.</summary>
public sealed class RegoDataTree
{
    private RegoObject _root = RegoObject.Empty;

    /// <summary>Adds a document at a directory's path.</summary>
    /// <param name="directory">Its place, with <c>/</c> between the parts: <c>a/b</c> is <c>data.a.b</c>; empty for the top.</param>
    /// <param name="document">The document; at the top it must be an object.</param>
    /// <returns>What is wrong, or nothing. A member that two documents give is a conflict, because either could win; the earlier one stays.</returns>
    public IReadOnlyList<string> Add(string directory, RegoValue document)
    {
        foreach (var segment in directory.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries).Reverse())
            document = RegoObject.From([new(new RegoString(segment), document)]);
        if (document is not RegoObject members)
            return ["data at the top must be an object; write { \"name\": … }, or put the file into a directory"];
        var problems = new List<string>();
        _root = Merge(_root, members, "data", problems);
        return problems;
    }

    /// <summary>Everything added so far.</summary>
    public RegoObject ToObject() => _root;

    private static RegoObject Merge(RegoObject into, RegoObject added, string path, List<string> problems)
    {
        var members = into.ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (var (key, value) in added)
        {
            var place = $"{path}.{(key as RegoString)?.Value ?? key.ToString()}";
            if (!members.TryGetValue(key, out var existing))
                members.Add(key, value);
            else if (existing is RegoObject a && value is RegoObject b)
                members[key] = Merge(a, b, place, problems);
            else
                problems.Add($"{place} is also given by another file; keep one of them");
        }

        return RegoObject.From(members);
    }
}
