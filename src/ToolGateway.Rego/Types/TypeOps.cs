using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Types;

/// <summary>Operations on types. A null type is one that is not known yet.</summary>
internal static class TypeOps
{
    /// <summary>A union of more members says nothing that would be worth its comparisons.</summary>
    private const int MaxMembers = 32;

    /// <summary>The union of two types, without members that repeat.</summary>
    public static RegoType? Or(RegoType? a, RegoType? b)
    {
        if (a is null)
            return b;
        if (b is null || Same(a, b))
            return a;
        if (a is AnyType || b is AnyType)
            return RegoType.Any;
        var members = new List<RegoType>();
        foreach (var member in Members(a).Concat(Members(b)))
        {
            if (!members.Exists(known => Same(known, member)))
                members.Add(member);
        }

        return members.Count == 1 ? members[0] : members.Count > MaxMembers ? RegoType.Any : new UnionType(members);
    }

    public static IReadOnlyList<RegoType> Members(RegoType type) => type is UnionType union ? union.Members : [type];

    /// <summary>Records compare lists by reference; types are compared by what they say.</summary>
    public static bool Same(RegoType? a, RegoType? b)
    {
        if (ReferenceEquals(a, b))
            return true;
        return (a, b) switch
        {
            (ScalarType x, ScalarType y) => x.Name == y.Name,
            (AnyType, AnyType) => true,
            (SetType x, SetType y) => Same(x.Element, y.Element),
            (ArrayType x, ArrayType y) => SameAll(x.Static, y.Static) && Same(x.Dynamic, y.Dynamic),
            (ObjectType x, ObjectType y) => SameMembers(x, y) && Same(x.DynamicKey, y.DynamicKey) && Same(x.DynamicValue, y.DynamicValue),
            (UnionType x, UnionType y) => SameAll(x.Members, y.Members),
            _ => false,
        };
    }

    /// <summary>The type of a constant.</summary>
    public static RegoType OfValue(RegoValue value) => value switch
    {
        RegoNull => RegoType.Null,
        RegoBoolean => RegoType.Boolean,
        RegoNumber => RegoType.Number,
        RegoString => RegoType.String,
        RegoArray array => new ArrayType([.. array.Items.ToArray().Select(OfValue)], null),
        RegoSet set => new SetType(set.Items.ToArray().Select(OfValue).Aggregate<RegoType, RegoType?>(null, Or) ?? RegoType.Any),
        RegoObject map => new ObjectType([.. map.Select(member => new ObjectTypeMember(member.Key, OfValue(member.Value)))], null, null),
        _ => RegoType.Any,
    };

    /// <summary>What may stand in brackets after a value of this type; null when nothing may.</summary>
    public static RegoType? Keys(RegoType type) => type switch
    {
        AnyType => RegoType.Any,
        ArrayType => RegoType.Number,
        SetType set => set.Element,
        ObjectType map => map.Static.Select(member => OfValue(member.Key)).Aggregate(map.DynamicKey, Or) ?? RegoType.Any,
        UnionType union => union.Members.Select(Keys).Aggregate<RegoType?, RegoType?>(null, Or),
        _ => null,
    };

    /// <summary>What any element of a value of this type may be.</summary>
    public static RegoType? Values(RegoType type) => type switch
    {
        AnyType => RegoType.Any,
        ArrayType array => array.Static.Aggregate(array.Dynamic, Or) ?? RegoType.Any,
        SetType set => set.Element,
        ObjectType map => map.Static.Select(member => member.Value).Aggregate(map.DynamicValue, Or) ?? RegoType.Any,
        UnionType union => union.Members.Select(Values).Aggregate<RegoType?, RegoType?>(null, Or),
        _ => null,
    };

    /// <summary>The type at a constant key; null when a value of this type never has that key.</summary>
    public static RegoType? Select(RegoType type, RegoValue key) => type switch
    {
        AnyType => RegoType.Any,
        ArrayType array => SelectItem(array, key),
        SetType set => TypeUnifier.Unifies(set.Element, OfValue(key)) ? set.Element : null,
        ObjectType map => MemberAt(map, key),
        UnionType union => union.Members.Select(member => Select(member, key)).Aggregate<RegoType?, RegoType?>(null, Or),
        _ => null,
    };

    public static RegoType? ItemAt(ArrayType array, int index) => index < array.Static.Count ? array.Static[index] : array.Dynamic;

    public static RegoType? MemberAt(ObjectType map, RegoValue key)
    {
        foreach (var member in map.Static)
        {
            if (member.Key.Equals(key))
                return member.Value;
        }

        return map.DynamicValue is not null && TypeUnifier.Unifies(map.DynamicKey ?? RegoType.Any, OfValue(key)) ? map.DynamicValue : null;
    }

    private static bool SameAll(IReadOnlyList<RegoType> a, IReadOnlyList<RegoType> b)
    {
        if (a.Count != b.Count)
            return false;
        for (var i = 0; i < a.Count; i++)
        {
            if (!Same(a[i], b[i]))
                return false;
        }

        return true;
    }

    private static bool SameMembers(ObjectType a, ObjectType b)
    {
        if (a.Static.Count != b.Static.Count)
            return false;
        for (var i = 0; i < a.Static.Count; i++)
        {
            if (!a.Static[i].Key.Equals(b.Static[i].Key) || !Same(a.Static[i].Value, b.Static[i].Value))
                return false;
        }

        return true;
    }

    private static RegoType? SelectItem(ArrayType array, RegoValue key) =>
        key is RegoNumber number && number.TryGetInt64(out var index) && index is >= 0 and <= int.MaxValue ? ItemAt(array, (int)index) : null;
}
