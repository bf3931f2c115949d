using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ToolGateway.Rego.Values;

/// <summary>A map with keys of any kind, enumerated in OPA's order of the keys.</summary>
public class RegoObject : RegoValue, IReadOnlyCollection<KeyValuePair<RegoValue, RegoValue>>
{
    /// <summary>Up to this many members are kept sorted and searched one by one.</summary>
    internal const int LinearLimit = 8;

    private readonly KeyValuePair<RegoValue, RegoValue>[] _pairs;
    private readonly bool _isPlain;
    private KeyValuePair<RegoValue, RegoValue>[]? _sorted;
    private ObjectIndex? _index;
    private int _hash;

    private protected RegoObject(KeyValuePair<RegoValue, RegoValue>[] pairs, bool sorted)
        : base(RegoKind.Object)
    {
        _pairs = pairs;
        _sorted = sorted ? pairs : null;
        _isPlain = GetType() == typeof(RegoObject);
    }

    private RegoObject(KeyValuePair<RegoValue, RegoValue>[] pairs, ObjectIndex? index)
        : base(RegoKind.Object)
    {
        _pairs = pairs;
        _index = index;
        _isPlain = true;
    }

    /// <summary>The empty object.</summary>
    public static RegoObject Empty { get; } = new([], sorted: true);

    /// <inheritdoc/>
    public virtual int Count => _pairs.Length;

    /// <summary>The members in the order of their keys, without a copy.</summary>
    public virtual ReadOnlySpan<KeyValuePair<RegoValue, RegoValue>> Members => _sorted ?? Sort();

    /// <summary>The members in no particular order: cheaper when the order does not matter.</summary>
    internal ReadOnlySpan<KeyValuePair<RegoValue, RegoValue>> Unordered => _isPlain ? _pairs : Members;

    /// <summary>The object of <paramref name="members"/>; a later member replaces an earlier one with an equal key.</summary>
    public static RegoObject Of(params ReadOnlySpan<KeyValuePair<RegoValue, RegoValue>> members)
    {
        if (members.Length > LinearLimit)
            return From(members.ToArray());
        for (var i = 1; i < members.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (RegoOrder.Equal(members[i].Key, members[j].Key))
                    return From(members.ToArray());
            }
        }

        return Adopt(members.ToArray());
    }

    /// <summary>The object of <paramref name="members"/>; a later member replaces an earlier one with an equal key.</summary>
    public static RegoObject From(IEnumerable<KeyValuePair<RegoValue, RegoValue>> members)
    {
        var builder = new RegoObjectBuilder();
        foreach (var (key, value) in members)
            builder.Set(key, value);
        return builder.ToObject();
    }

    /// <summary>The object of a few members.</summary>
    /// <param name="members">Names and values; no name may come twice.</param>
    public static RegoObject Of(params ReadOnlySpan<(RegoString Name, RegoValue Value)> members)
    {
        var pairs = new KeyValuePair<RegoValue, RegoValue>[members.Length];
        for (var i = 0; i < members.Length; i++)
            pairs[i] = new(members[i].Name, members[i].Value);
        return Adopt(pairs);
    }

    /// <summary>An object whose members <paramref name="source"/> makes when they are read; for nested parts of a source. Used by one evaluation at a time.</summary>
    public static RegoObject FromSource(IRegoObjectSource source) => new Evaluation.SourceObject(source);

    /// <summary>The value at <paramref name="key"/>.</summary>
    public virtual bool TryGetValue(RegoValue key, [NotNullWhen(true)] out RegoValue? value)
    {
        if (key is RegoString text)
            return TryGetPlain(text.Value, text, out value);
        var at = _pairs.Length > LinearLimit ? Index().Find(_pairs, key) : Scan(key);
        value = at < 0 ? null : _pairs[at].Value;
        return at >= 0;
    }

    /// <summary>The value at a string key; nothing is allocated for the search.</summary>
    public bool TryGetValue(string key, [NotNullWhen(true)] out RegoValue? value) =>
        _isPlain ? TryGetPlain(key, null, out value) : TryGetValue(new RegoString(key), out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<RegoValue, RegoValue>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<RegoValue, RegoValue>>)(_isPlain ? _sorted ?? Sort() : Members.ToArray())).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public sealed override int GetHashCode()
    {
        if (_hash != 0)
            return _hash;
        var hash = 19;
        foreach (var (key, value) in Unordered)
            hash = unchecked(hash + HashCode.Combine(key.GetHashCode(), value.GetHashCode()));
        return _hash = hash | 1;
    }

    /// <summary>An object over members with distinct keys in any order, which nobody may change afterwards.</summary>
    internal static RegoObject Adopt(KeyValuePair<RegoValue, RegoValue>[] distinct)
    {
        if (distinct.Length == 0)
            return Empty;
        if (distinct.Length > LinearLimit)
            return new RegoObject(distinct, index: null);
        InsertionSort(distinct);
        return new RegoObject(distinct, sorted: true);
    }

    /// <summary>As <see cref="Adopt(KeyValuePair{RegoValue, RegoValue}[])"/>, when the keys are in order already.</summary>
    internal static RegoObject AdoptSorted(KeyValuePair<RegoValue, RegoValue>[] distinct) =>
        distinct.Length == 0 ? Empty : new RegoObject(distinct, sorted: true);

    /// <summary>As <see cref="Adopt(KeyValuePair{RegoValue, RegoValue}[])"/>, with the index that was needed to find duplicates.</summary>
    internal static RegoObject Adopt(KeyValuePair<RegoValue, RegoValue>[] distinct, ObjectIndex index) =>
        distinct.Length <= LinearLimit ? Adopt(distinct) : new RegoObject(distinct, index);

    /// <summary>As <see cref="Adopt(KeyValuePair{RegoValue, RegoValue}[], ObjectIndex)"/>, sorted only when somebody asks for the order: most inputs are looked into, not listed.</summary>
    internal static RegoObject AdoptUnsorted(KeyValuePair<RegoValue, RegoValue>[] distinct, ObjectIndex? index) =>
        distinct.Length == 0 ? Empty : new RegoObject(distinct, index);

    private static void InsertionSort(KeyValuePair<RegoValue, RegoValue>[] pairs)
    {
        for (var i = 1; i < pairs.Length; i++)
        {
            var pair = pairs[i];
            var at = i;
            for (; at > 0 && RegoOrder.Compare(pairs[at - 1].Key, pair.Key) > 0; at--)
                pairs[at] = pairs[at - 1];
            pairs[at] = pair;
        }
    }

    private bool TryGetPlain(string key, RegoString? boxed, [NotNullWhen(true)] out RegoValue? value)
    {
        if (_pairs.Length > LinearLimit)
        {
            var at = Index().Find(_pairs, key, boxed?.GetHashCode() ?? RegoString.HashOf(key));
            value = at < 0 ? null : _pairs[at].Value;
            return at >= 0;
        }

        value = FindText(key);
        return value is not null;
    }

    /// <summary>The value at <paramref name="key"/>, or null. Names that are shared are found by reference.</summary>
    internal RegoValue? Find(RegoValue key)
    {
        if (_pairs.Length <= 2 * LinearLimit)
        {
            foreach (ref readonly var pair in _pairs.AsSpan())
            {
                if (ReferenceEquals(pair.Key, key))
                    return pair.Value;
            }
        }

        if (!_isPlain || _pairs.Length > LinearLimit)
            return TryGetValue(key, out var value) ? value : null;
        if (key is RegoString text)
            return FindText(text.Value);
        var at = Scan(key);
        return at < 0 ? null : _pairs[at].Value;
    }

    private RegoValue? FindText(string key)
    {
        foreach (ref readonly var pair in _pairs.AsSpan())
        {
            if (pair.Key is RegoString text && RegoString.Same(text.Value, key))
                return pair.Value;
        }

        return null;
    }

    private int Scan(RegoValue key)
    {
        for (var i = 0; i < _pairs.Length; i++)
        {
            if (RegoOrder.Equal(_pairs[i].Key, key))
                return i;
        }

        return -1;
    }

    // Threads may build the index or the sorted copy at once; each publishes a complete one, and all are equal.
    private ObjectIndex Index() => _index ??= ObjectIndex.Over(_pairs);

    private KeyValuePair<RegoValue, RegoValue>[] Sort()
    {
        for (var i = 1; ; i++)
        {
            if (i >= _pairs.Length)
                return _sorted = _pairs;
            if (RegoOrder.Compare(_pairs[i - 1].Key, _pairs[i].Key) > 0)
                break;
        }

        var sorted = (KeyValuePair<RegoValue, RegoValue>[])_pairs.Clone();
        if (sorted.Length <= LinearLimit)
            InsertionSort(sorted);
        else
            Array.Sort(sorted, static (a, b) => RegoOrder.Compare(a.Key, b.Key));
        return _sorted = sorted;
    }
}
