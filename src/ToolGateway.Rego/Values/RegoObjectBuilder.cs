using System.Diagnostics.CodeAnalysis;

namespace ToolGateway.Rego.Values;

/// <summary>Collects members and makes a <see cref="RegoObject"/> of them once.</summary>
internal sealed class RegoObjectBuilder
{
    private KeyValuePair<RegoValue, RegoValue>[] _pairs;
    private ObjectIndex? _index;

    public RegoObjectBuilder(int capacity = 4) => _pairs = new KeyValuePair<RegoValue, RegoValue>[Math.Max(capacity, 1)];

    public int Count { get; private set; }

    private ReadOnlySpan<KeyValuePair<RegoValue, RegoValue>> Pairs => _pairs.AsSpan(0, Count);

    public void Set(RegoValue key, RegoValue value)
    {
        var at = Find(key);
        if (at >= 0)
            _pairs[at] = new(_pairs[at].Key, value);
        else
            Append(key, value);
    }

    public void Set(string key, RegoValue value) => Set(new RegoString(key), value);

    /// <summary>Adds a member unless the key has another value already; false means conflict.</summary>
    public bool TrySet(RegoValue key, RegoValue value)
    {
        var at = Find(key);
        if (at >= 0)
            return RegoOrder.Equal(_pairs[at].Value, value);
        Append(key, value);
        return true;
    }

    public bool TryGetValue(RegoValue key, [NotNullWhen(true)] out RegoValue? value)
    {
        var at = Find(key);
        value = at < 0 ? null : _pairs[at].Value;
        return at >= 0;
    }

    public bool Remove(RegoValue key)
    {
        var at = Find(key);
        if (at < 0)
            return false;
        _pairs[at] = _pairs[--Count];
        _pairs[Count] = default;
        _index = Count > RegoObject.LinearLimit ? ObjectIndex.Over(Pairs) : null;
        return true;
    }

    public RegoObject ToObject()
    {
        if (Count == 0)
            return RegoObject.Empty;
        var members = Pairs.ToArray();
        return _index is null ? RegoObject.Adopt(members) : RegoObject.Adopt(members, _index);
    }

    private int Find(RegoValue key)
    {
        if (_index is not null)
            return _index.Find(Pairs, key);
        for (var i = 0; i < Count; i++)
        {
            if (RegoOrder.Equal(_pairs[i].Key, key))
                return i;
        }

        return -1;
    }

    private void Append(RegoValue key, RegoValue value)
    {
        if (Count == _pairs.Length)
            Array.Resize(ref _pairs, Count * 2);
        _pairs[Count++] = new(key, value);
        if (_index is not null)
            _index.Add(_pairs, Count - 1);
        else if (Count > RegoObject.LinearLimit)
            _index = ObjectIndex.Over(Pairs);
    }
}
