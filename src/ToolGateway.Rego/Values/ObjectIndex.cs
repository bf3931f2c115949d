namespace ToolGateway.Rego.Values;

/// <summary>Positions of members by the hash of their keys.</summary>
internal sealed class ObjectIndex
{
    private HashSlots _slots;

    public ObjectIndex(int capacity) => _slots = new HashSlots(capacity);

    public static ObjectIndex Over(ReadOnlySpan<KeyValuePair<RegoValue, RegoValue>> pairs)
    {
        var index = new ObjectIndex(pairs.Length);
        for (var i = 0; i < pairs.Length; i++)
            index._slots.Add(pairs[i].Key.GetHashCode(), i);
        return index;
    }

    public int Find(ReadOnlySpan<KeyValuePair<RegoValue, RegoValue>> pairs, RegoValue key)
    {
        for (var slot = _slots.Start(key.GetHashCode()); ; slot = _slots.Next(slot))
        {
            var at = _slots.At(slot);
            if (at < 0 || RegoOrder.Equal(pairs[at].Key, key))
                return at;
        }
    }

    public int Find(ReadOnlySpan<KeyValuePair<RegoValue, RegoValue>> pairs, string key, int hash)
    {
        for (var slot = _slots.Start(hash); ; slot = _slots.Next(slot))
        {
            var at = _slots.At(slot);
            if (at < 0 || (pairs[at].Key is RegoString text && string.Equals(text.Value, key, StringComparison.Ordinal)))
                return at;
        }
    }

    /// <summary>Adds the member at <paramref name="position"/>, growing when needed.</summary>
    public void Add(ReadOnlySpan<KeyValuePair<RegoValue, RegoValue>> pairs, int position)
    {
        if (_slots.IsFull)
        {
            var wider = new HashSlots(_slots.Capacity * 2);
            for (var i = 0; i < position; i++)
                wider.Add(pairs[i].Key.GetHashCode(), i);
            _slots = wider;
        }

        _slots.Add(pairs[position].Key.GetHashCode(), position);
    }
}
