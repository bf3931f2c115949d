namespace ToolGateway.Rego.Types;

/// <summary>Whether a value could be of both types. OPA reports an error only where none could.</summary>
internal static class TypeUnifier
{
    public static bool Unifies(RegoType? a, RegoType? b)
    {
        if (a is null || b is null)
            return false;
        if (a is AnyType || b is AnyType)
            return true;
        if (a is UnionType union)
            return union.Members.Any(member => Unifies(member, b));
        if (b is UnionType)
            return Unifies(b, a);
        return (a, b) switch
        {
            (ScalarType x, ScalarType y) => x.Name == y.Name,
            (ArrayType x, ArrayType y) => Arrays(x, y),
            (SetType x, SetType y) => Unifies(x.Element, y.Element),
            (ObjectType x, ObjectType y) => Objects(x, y),
            _ => false,
        };
    }

    private static bool Arrays(ArrayType a, ArrayType b)
    {
        for (var i = 0; i < Math.Max(a.Static.Count, b.Static.Count); i++)
        {
            if (!Unifies(TypeOps.ItemAt(a, i), TypeOps.ItemAt(b, i)))
                return false;
        }

        return a.Dynamic is null || b.Dynamic is null || Unifies(a.Dynamic, b.Dynamic);
    }

    private static bool Objects(ObjectType a, ObjectType b)
    {
        foreach (var member in a.Static.Concat(b.Static))
        {
            if (!Unifies(TypeOps.MemberAt(a, member.Key), TypeOps.MemberAt(b, member.Key)))
                return false;
        }

        return a.DynamicValue is null || b.DynamicValue is null || Unifies(a.DynamicValue, b.DynamicValue);
    }
}
