using System.Collections;

namespace ToolGateway.Rego.Values;

/// <summary>An ordered sequence of values.</summary>
public sealed class RegoArray : RegoValue, IReadOnlyList<RegoValue>
{
    private readonly RegoValue[] _items;
    private int _hash;

    private RegoArray(RegoValue[] items)
        : base(RegoKind.Array) => _items = items;

    /// <summary>The empty array.</summary>
    public static RegoArray Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public RegoValue this[int index] => _items[index];

    /// <summary>The elements, without a copy.</summary>
    public ReadOnlySpan<RegoValue> Items => _items;

    /// <summary>An array of copies of the references in <paramref name="items"/>.</summary>
    public static RegoArray Of(params ReadOnlySpan<RegoValue> items) => items.IsEmpty ? Empty : new(items.ToArray());

    /// <summary>An array of what <paramref name="items"/> yields.</summary>
    public static RegoArray From(IEnumerable<RegoValue> items) => Adopt([.. items]);

    /// <summary>An array over <paramref name="items"/> itself, which nobody may change afterwards.</summary>
    internal static RegoArray Adopt(RegoValue[] items) => items.Length == 0 ? Empty : new(items);

    /// <inheritdoc/>
    public IEnumerator<RegoValue> GetEnumerator() => ((IEnumerable<RegoValue>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (_hash != 0)
            return _hash;
        var hash = new HashCode();
        foreach (var item in _items)
            hash.Add(item.GetHashCode());
        return _hash = hash.ToHashCode() | 1;
    }
}
