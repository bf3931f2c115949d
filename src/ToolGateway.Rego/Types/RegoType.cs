namespace ToolGateway.Rego.Types;

/// <summary>A static type, as the type checker and the declarations of built-ins use it.</summary>
internal abstract record RegoType
{
    public static RegoType Any { get; } = new AnyType();

    public static RegoType Null { get; } = new ScalarType("null");

    public static RegoType Boolean { get; } = new ScalarType("boolean");

    public static RegoType Number { get; } = new ScalarType("number");

    public static RegoType String { get; } = new ScalarType("string");
}

/// <summary>Every value.</summary>
internal sealed record AnyType : RegoType;

/// <summary>null, boolean, number or string.</summary>
internal sealed record ScalarType(string Name) : RegoType;

/// <summary>An array: known leading elements, then any number of <see cref="Dynamic"/> (none when null).</summary>
internal sealed record ArrayType(IReadOnlyList<RegoType> Static, RegoType? Dynamic) : RegoType;

/// <summary>A set of <see cref="Element"/>.</summary>
internal sealed record SetType(RegoType Element) : RegoType;

/// <summary>An object: known members, and what other members may be (none when null).</summary>
internal sealed record ObjectType(IReadOnlyList<ObjectTypeMember> Static, RegoType? DynamicKey, RegoType? DynamicValue) : RegoType;

/// <summary>One known member of an <see cref="ObjectType"/>.</summary>
internal sealed record ObjectTypeMember(Values.RegoValue Key, RegoType Value);

/// <summary>Any of several types.</summary>
internal sealed record UnionType(IReadOnlyList<RegoType> Members) : RegoType;
