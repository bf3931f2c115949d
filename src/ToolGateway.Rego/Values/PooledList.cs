using System.Buffers;

namespace ToolGateway.Rego.Values;

/// <summary>A growing list in rented memory, for collections whose size is known only at their end.</summary>
internal struct PooledList<T>()
{
    private const int FirstSize = 64;

    private T[] _items = [];
    private int _count = 0;

    public readonly int Count => _count;

    public readonly Span<T> Items => _items.AsSpan(0, _count);

    public void Add(T item)
    {
        if (_count == _items.Length)
            Grow();
        _items[_count++] = item;
    }

    public void Truncate(int count) => _count = count;

    public readonly void Return()
    {
        if (_items.Length > 0)
            ArrayPool<T>.Shared.Return(_items, clearArray: true);
    }

    private void Grow()
    {
        var wider = ArrayPool<T>.Shared.Rent(Math.Max(FirstSize, _count * 2));
        Items.CopyTo(wider);
        Return();
        _items = wider;
    }
}
