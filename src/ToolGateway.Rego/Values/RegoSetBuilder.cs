namespace ToolGateway.Rego.Values;

/// <summary>Collects elements and makes a <see cref="RegoSet"/> of them once.</summary>
internal sealed class RegoSetBuilder
{
    private RegoValue[] _items;
    private SetIndex? _index;

    public RegoSetBuilder(int capacity = 4) => _items = new RegoValue[Math.Max(capacity, 1)];

    public int Count { get; private set; }

    public bool Add(RegoValue item)
    {
        if (Contains(item))
            return false;
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        _items[Count++] = item;
        if (_index is not null)
            _index.Add(_items, Count - 1);
        else if (Count > RegoSet.LinearLimit)
            _index = SetIndex.Over(_items.AsSpan(0, Count));
        return true;
    }

    public bool Contains(RegoValue item)
    {
        if (_index is not null)
            return _index.Find(_items, item) >= 0;
        for (var i = 0; i < Count; i++)
        {
            if (RegoOrder.Equal(_items[i], item))
                return true;
        }

        return false;
    }

    public RegoSet ToSet()
    {
        if (Count == 0)
            return RegoSet.Empty;
        var sorted = _items.AsSpan(0, Count).ToArray();
        if (sorted.Length <= RegoSet.LinearLimit)
            InsertionSort(sorted);
        else
            Array.Sort(sorted, RegoOrder.Comparer);
        return RegoSet.AdoptSorted(sorted);
    }

    private static void InsertionSort(RegoValue[] items)
    {
        for (var i = 1; i < items.Length; i++)
        {
            var item = items[i];
            var at = i;
            for (; at > 0 && RegoOrder.Compare(items[at - 1], item) > 0; at--)
                items[at] = items[at - 1];
            items[at] = item;
        }
    }
}
