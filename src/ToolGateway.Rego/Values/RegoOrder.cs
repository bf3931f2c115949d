namespace ToolGateway.Rego.Values;

/// <summary>OPA's total order and equality over values.</summary>
internal static class RegoOrder
{
    public static IComparer<RegoValue> Comparer { get; } = Comparer<RegoValue>.Create(Compare);

    public static bool Equal(RegoValue a, RegoValue b)
    {
        if (ReferenceEquals(a, b))
            return true;
        if (a.Kind != b.Kind)
            return false;
        return a.Kind switch
        {
            RegoKind.Null => true,
            RegoKind.Boolean => false,
            RegoKind.String => RegoString.Same(((RegoString)a).Value, ((RegoString)b).Value),
            RegoKind.Number => RegoNumber.Compare((RegoNumber)a, (RegoNumber)b) == 0,
            RegoKind.Array => EqualItems(((RegoArray)a).Items, ((RegoArray)b).Items),
            RegoKind.Set => EqualItems(((RegoSet)a).Items, ((RegoSet)b).Items),
            _ => EqualMembers((RegoObject)a, (RegoObject)b),
        };
    }

    public static int Compare(RegoValue a, RegoValue b)
    {
        if (ReferenceEquals(a, b))
            return 0;
        if (a.Kind != b.Kind)
            return a.Kind.CompareTo(b.Kind);
        return a.Kind switch
        {
            RegoKind.Null => 0,
            RegoKind.Boolean => ((RegoBoolean)a).Value.CompareTo(((RegoBoolean)b).Value),
            RegoKind.String => CompareText(((RegoString)a).Value, ((RegoString)b).Value),
            RegoKind.Number => RegoNumber.Compare((RegoNumber)a, (RegoNumber)b),
            RegoKind.Array => CompareItems(((RegoArray)a).Items, ((RegoArray)b).Items),
            RegoKind.Set => CompareItems(((RegoSet)a).Items, ((RegoSet)b).Items),
            _ => CompareMembers((RegoObject)a, (RegoObject)b),
        };
    }

    /// <summary>Order of UTF-8 bytes: UTF-16 order, but with surrogates above the rest of the basic plane.</summary>
    public static int CompareText(string a, string b)
    {
        var at = a.Length > 0 && b.Length > 0 && a[0] != b[0] ? 0 : a.AsSpan().CommonPrefixLength(b);
        if (at == a.Length || at == b.Length)
            return a.Length.CompareTo(b.Length);
        var x = a[at];
        var y = b[at];
        if (char.IsSurrogate(x) != char.IsSurrogate(y))
            return char.IsSurrogate(x) ? 1 : -1;
        return x.CompareTo(y);
    }

    private static bool EqualItems(ReadOnlySpan<RegoValue> a, ReadOnlySpan<RegoValue> b)
    {
        if (a.Length != b.Length)
            return false;
        for (var i = 0; i < a.Length; i++)
        {
            if (!Equal(a[i], b[i]))
                return false;
        }

        return true;
    }

    private static bool EqualMembers(RegoObject a, RegoObject b)
    {
        if (a.Count != b.Count)
            return false;
        foreach (var (key, value) in a.Unordered)
        {
            if (!b.TryGetValue(key, out var other) || !Equal(value, other))
                return false;
        }

        return true;
    }

    private static int CompareItems(ReadOnlySpan<RegoValue> a, ReadOnlySpan<RegoValue> b)
    {
        var common = Math.Min(a.Length, b.Length);
        for (var i = 0; i < common; i++)
        {
            var order = Compare(a[i], b[i]);
            if (order != 0)
                return order;
        }

        return a.Length.CompareTo(b.Length);
    }

    private static int CompareMembers(RegoObject a, RegoObject b)
    {
        var x = a.Members;
        var y = b.Members;
        var common = Math.Min(x.Length, y.Length);
        for (var i = 0; i < common; i++)
        {
            var order = Compare(x[i].Key, y[i].Key);
            if (order == 0)
                order = Compare(x[i].Value, y[i].Value);
            if (order != 0)
                return order;
        }

        return x.Length.CompareTo(y.Length);
    }
}
