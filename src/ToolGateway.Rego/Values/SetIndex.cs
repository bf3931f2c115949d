namespace ToolGateway.Rego.Values;

/// <summary>Positions of elements by their hash.</summary>
internal sealed class SetIndex
{
    private HashSlots _slots;

    private SetIndex(int capacity) => _slots = new HashSlots(capacity);

    public static SetIndex Over(ReadOnlySpan<RegoValue> items)
    {
        var index = new SetIndex(items.Length);
        for (var i = 0; i < items.Length; i++)
            index._slots.Add(items[i].GetHashCode(), i);
        return index;
    }

    public int Find(ReadOnlySpan<RegoValue> items, RegoValue item)
    {
        for (var slot = _slots.Start(item.GetHashCode()); ; slot = _slots.Next(slot))
        {
            var at = _slots.At(slot);
            if (at < 0 || RegoOrder.Equal(items[at], item))
                return at;
        }
    }

    /// <summary>Adds the element at <paramref name="position"/>, growing when needed.</summary>
    public void Add(ReadOnlySpan<RegoValue> items, int position)
    {
        if (_slots.IsFull)
        {
            var wider = new HashSlots(_slots.Capacity * 2);
            for (var i = 0; i < position; i++)
                wider.Add(items[i].GetHashCode(), i);
            _slots = wider;
        }

        _slots.Add(items[position].GetHashCode(), position);
    }
}
