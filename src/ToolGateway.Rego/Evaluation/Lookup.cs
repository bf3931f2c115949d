using System.Runtime.CompilerServices;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>Reads members of values; null is undefined.</summary>
internal static class Lookup
{
    public static RegoValue? Member(RegoValue value, RegoValue key)
    {
        switch (value.Kind)
        {
            case RegoKind.Object:
                return Unsafe.As<RegoObject>(value).Find(key);
            case RegoKind.Array:
                var array = Unsafe.As<RegoArray>(value);
                return key is RegoNumber number && number.TryGetInt64(out var index) && index >= 0 && index < array.Count ? array[(int)index] : null;
            case RegoKind.Set:
                return Unsafe.As<RegoSet>(value).Contains(key) ? key : null;
            default:
                return null;
        }
    }

    /// <summary>A member of base data, where numbers in references stand for the keys that JSON has.</summary>
    public static RegoValue? DataMember(RegoValue value, RegoValue key)
    {
        if (Member(value, key) is { } member)
            return member;
        return value is RegoObject && key is RegoNumber number ? Member(value, new RegoString(number.ToText())) : null;
    }

    public static RegoValue? DataPath(RegoValue? value, RegoValue[] keys)
    {
        foreach (var key in keys)
        {
            if (value is null)
                return null;
            value = DataMember(value, key);
        }

        return value;
    }

    public static RegoValue? Path(RegoValue? value, RegoValue[] keys)
    {
        foreach (var key in keys)
        {
            if (value is null)
                return null;
            value = Member(value, key);
        }

        return value;
    }

    public static bool IsTrue(RegoValue? value) => value is not null && !ReferenceEquals(value, RegoBoolean.False);
}
