using System.Collections;

namespace ToolGateway.Rego.Values;

/// <summary>A collection without duplicates, enumerated in OPA's order.</summary>
public sealed class RegoSet : RegoValue, IReadOnlyCollection<RegoValue>
{
    internal const int LinearLimit = 8;

    private readonly RegoValue[] _sorted;
    private SetIndex? _index;
    private int _hash;

    private RegoSet(RegoValue[] sorted)
        : base(RegoKind.Set) => _sorted = sorted;

    /// <summary>The empty set.</summary>
    public static RegoSet Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _sorted.Length;

    /// <summary>The elements in order, without a copy.</summary>
    public ReadOnlySpan<RegoValue> Items => _sorted;

    /// <summary>The set of what <paramref name="items"/> yields.</summary>
    public static RegoSet From(IEnumerable<RegoValue> items)
    {
        var builder = new RegoSetBuilder();
        foreach (var item in items)
            builder.Add(item);
        return builder.ToSet();
    }

    /// <summary>Whether <paramref name="item"/> is an element.</summary>
    public bool Contains(RegoValue item)
    {
        if (_sorted.Length > LinearLimit)
            return (_index ??= SetIndex.Over(_sorted)).Find(_sorted, item) >= 0;
        foreach (var member in _sorted)
        {
            if (RegoOrder.Equal(member, item))
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<RegoValue> GetEnumerator() => ((IEnumerable<RegoValue>)_sorted).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _sorted.GetEnumerator();

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (_hash != 0)
            return _hash;
        var hash = 17;
        foreach (var item in _sorted)
            hash = unchecked(hash + (item.GetHashCode() * 31));
        return _hash = hash | 1;
    }

    /// <summary>A set over an array that is already sorted and distinct, and that nobody may change afterwards.</summary>
    internal static RegoSet AdoptSorted(RegoValue[] sorted) => sorted.Length == 0 ? Empty : new(sorted);
}
