using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ToolGateway.Rego.Values;

/// <summary>A map with keys of any kind, enumerated in OPA's order of the keys.</summary>
public class RegoObject : RegoValue, IReadOnlyCollection<KeyValuePair<RegoValue, RegoValue>>
{
    private const int LinearLimit = 8;

    private KeyValuePair<RegoValue, RegoValue>[] _pairs;
    private Dictionary<RegoValue, RegoValue>? _index;
    private volatile bool _sorted;
    private int _hash;

    private protected RegoObject(KeyValuePair<RegoValue, RegoValue>[] pairs, bool sorted)
    {
        _pairs = pairs;
        _sorted = sorted;
    }

    /// <summary>The empty object.</summary>
    public static RegoObject Empty { get; } = new([], sorted: true);

    /// <inheritdoc/>
    public sealed override RegoKind Kind => RegoKind.Object;

    /// <inheritdoc/>
    public virtual int Count => _pairs.Length;

    /// <summary>The members in the order of their keys, without a copy.</summary>
    public virtual ReadOnlySpan<KeyValuePair<RegoValue, RegoValue>> Members
    {
        get
        {
            if (!_sorted)
                Sort();
            return _pairs;
        }
    }

    /// <summary>The object of <paramref name="members"/>; a later member replaces an earlier one with an equal key.</summary>
    public static RegoObject From(IEnumerable<KeyValuePair<RegoValue, RegoValue>> members)
    {
        var builder = new RegoObjectBuilder();
        foreach (var (key, value) in members)
            builder.Set(key, value);
        return builder.ToObject();
    }

    /// <summary>The value at <paramref name="key"/>.</summary>
    public virtual bool TryGetValue(RegoValue key, [NotNullWhen(true)] out RegoValue? value)
    {
        if (_pairs.Length > LinearLimit)
            return Index().TryGetValue(key, out value);
        foreach (var pair in _pairs)
        {
            if (RegoOrder.Equal(pair.Key, key))
            {
                value = pair.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>The value at a string key.</summary>
    public bool TryGetValue(string key, [NotNullWhen(true)] out RegoValue? value) => TryGetValue(new RegoString(key), out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<RegoValue, RegoValue>> GetEnumerator()
    {
        _ = Members;
        return ((IEnumerable<KeyValuePair<RegoValue, RegoValue>>)_pairs).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public sealed override int GetHashCode()
    {
        if (_hash != 0)
            return _hash;
        var hash = 19;
        foreach (var (key, value) in Members)
            hash = unchecked(hash + (key.GetHashCode() * 31) + (value.GetHashCode() * 7));
        return _hash = hash | 1;
    }

    /// <summary>An object over members with distinct keys in any order, which nobody may change afterwards.</summary>
    internal static RegoObject Adopt(KeyValuePair<RegoValue, RegoValue>[] distinct) => distinct.Length == 0 ? Empty : new(distinct, sorted: false);

    private Dictionary<RegoValue, RegoValue> Index()
    {
        if (_index is { } index)
            return index;
        index = new Dictionary<RegoValue, RegoValue>(_pairs.Length);
        foreach (var (key, value) in _pairs)
            index.Add(key, value);
        return _index = index;
    }

    private void Sort()
    {
        // A sorted copy is published whole: other threads may be reading the unsorted pairs.
        var sorted = (KeyValuePair<RegoValue, RegoValue>[])_pairs.Clone();
        Array.Sort(sorted, static (a, b) => RegoOrder.Compare(a.Key, b.Key));
        _pairs = sorted;
        _sorted = true;
    }
}

/// <summary>Collects members and makes a <see cref="RegoObject"/> of them once.</summary>
internal sealed class RegoObjectBuilder
{
    private readonly Dictionary<RegoValue, RegoValue> _members = [];

    public int Count => _members.Count;

    public void Set(RegoValue key, RegoValue value) => _members[key] = value;

    public void Set(string key, RegoValue value) => _members[new RegoString(key)] = value;

    /// <summary>Adds a member unless the key has another value already; false means conflict.</summary>
    public bool TrySet(RegoValue key, RegoValue value) => _members.TryAdd(key, value) || RegoOrder.Equal(_members[key], value);

    public bool TryGetValue(RegoValue key, [NotNullWhen(true)] out RegoValue? value) => _members.TryGetValue(key, out value);

    public bool Remove(RegoValue key) => _members.Remove(key);

    public RegoObject ToObject() => RegoObject.Adopt([.. _members]);
}
