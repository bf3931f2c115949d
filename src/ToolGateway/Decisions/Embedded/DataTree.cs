using ToolGateway.Rego.Values;

namespace ToolGateway.Decisions.Embedded;

/// <summary>Puts data documents at their places below <c>data</c> and merges what overlaps.</summary>
internal sealed class DataTree
{
    private RegoObject _root = RegoObject.Empty;

    /// <summary>Adds a document at a directory's path; a member that two files give is a conflict, because either could win.</summary>
    public void Add(string directory, RegoValue document, string shown, Action<string> report)
    {
        foreach (var segment in directory.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries).Reverse())
            document = RegoObject.From([new(new RegoString(segment), document)]);
        if (document is not RegoObject members)
        {
            report($"{shown}: data at the top must be an object; write {{ \"name\": … }}, or put the file into a directory");
            return;
        }

        _root = Merge(_root, members, "data", shown, report);
    }

    public RegoObject ToObject() => _root;

    private static RegoObject Merge(RegoObject into, RegoObject added, string path, string shown, Action<string> report)
    {
        var members = into.ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (var (key, value) in added)
        {
            var place = $"{path}.{(key as RegoString)?.Value ?? key.ToString()}";
            if (!members.TryGetValue(key, out var existing))
                members.Add(key, value);
            else if (existing is RegoObject a && value is RegoObject b)
                members[key] = Merge(a, b, place, shown, report);
            else
                report($"{shown}: {place} is also given by another file; keep one of them");
        }

        return RegoObject.From(members);
    }
}
