using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>
/// Values of rules that were already evaluated. Each scope of <c>with</c> is a generation of its own; what an inner scope overwrites the outer one
/// computes again. Stamps make a reset cost nothing.
/// </summary>
internal sealed class Memo(int documents)
{
    private readonly Entry[] _entries = new Entry[documents];
    private readonly Dictionary<(int Document, int Generation), Dictionary<RegoValue, RegoValue?>> _members = [];
    private int _last;

    public int Generation { get; set; }

    public void NextGeneration() => Generation = ++_last;

    public bool TryGet(int document, out RegoValue? value)
    {
        ref readonly var entry = ref _entries[document];
        value = entry.Value;
        return entry.Stamp == Generation;
    }

    public void Set(int document, RegoValue? value)
    {
        ref var entry = ref _entries[document];
        entry.Value = value;
        entry.Stamp = Generation;
    }

    /// <summary>The result of the last call of a function, if it had this very argument.</summary>
    public bool TryGetCall(int function, RegoValue argument, out RegoValue? result)
    {
        ref readonly var entry = ref _entries[function];
        result = entry.Value;
        return entry.Stamp == Generation && ReferenceEquals(entry.Argument, argument);
    }

    public void SetCall(int function, RegoValue argument, RegoValue? result)
    {
        _entries[function].Argument = argument;
        Set(function, result);
    }

    /// <summary>The value of one key of a partial document.</summary>
    public bool TryGetMember(int document, RegoValue key, out RegoValue? value)
    {
        value = null;
        return _members.Count > 0 && _members.TryGetValue((document, Generation), out var members) && members.TryGetValue(key, out value);
    }

    public int MemberCount(int document) =>
        _members.Count > 0 && _members.TryGetValue((document, Generation), out var members) ? members.Count : 0;

    public void SetMember(int document, RegoValue key, RegoValue? value)
    {
        if (!_members.TryGetValue((document, Generation), out var members))
            _members.Add((document, Generation), members = []);
        members[key] = value;
    }

    public void Reset()
    {
        if (_last > int.MaxValue / 2)
        {
            Array.Clear(_entries);
            _last = 0;
        }

        if (_members.Count > 0)
            _members.Clear();
        NextGeneration();
    }

    private struct Entry
    {
        public RegoValue? Value;
        public RegoValue? Argument;
        public int Stamp;
    }
}
