using System.Text;

namespace ToolGateway.Rego.Types;

/// <summary>Types as OPA prints them: <c>number</c>, <c>any&lt;number, string&gt;</c>, <c>array&lt;string&gt;[any]</c>, <c>object&lt;a: string&gt;[string: any]</c>.</summary>
internal static class TypeText
{
    private static readonly string[] Scalars = ["null", "boolean", "number", "string"];

    /// <summary>A type that is not known is <c>???</c>.</summary>
    public static string Of(RegoType? type)
    {
        var text = new StringBuilder();
        Append(text, type);
        return text.ToString();
    }

    private static void Append(StringBuilder text, RegoType? type)
    {
        switch (type)
        {
            case null:
                text.Append("???");
                break;
            case AnyType:
                text.Append("any");
                break;
            case ScalarType scalar:
                text.Append(scalar.Name);
                break;
            case UnionType union:
                text.Append("any<").AppendJoin(", ", union.Members.OrderBy(Rank).ThenBy(Of, StringComparer.Ordinal).Select(Of)).Append('>');
                break;
            case SetType set:
                text.Append("set[");
                Append(text, set.Element);
                text.Append(']');
                break;
            case ArrayType array:
                AppendArray(text, array);
                break;
            case ObjectType map:
                AppendObject(text, map);
                break;
        }
    }

    private static int Rank(RegoType type) => type switch
    {
        ScalarType scalar => Array.IndexOf(Scalars, scalar.Name),
        ArrayType => 4,
        ObjectType => 5,
        SetType => 6,
        _ => 7,
    };

    private static void AppendArray(StringBuilder text, ArrayType array)
    {
        text.Append("array");
        if (array.Static.Count > 0 || array.Dynamic is null)
            text.Append('<').AppendJoin(", ", array.Static.Select(Of)).Append('>');
        if (array.Dynamic is null)
            return;
        text.Append('[');
        Append(text, array.Dynamic);
        text.Append(']');
    }

    private static void AppendObject(StringBuilder text, ObjectType map)
    {
        text.Append("object");
        if (map.Static.Count > 0 || map.DynamicValue is null)
        {
            var members = map.Static.OrderBy(static member => member.Key).Select(static member => $"{KeyText(member)}: {Of(member.Value)}");
            text.Append('<').AppendJoin(", ", members).Append('>');
        }

        if (map.DynamicValue is null)
            return;
        text.Append('[');
        Append(text, map.DynamicKey);
        text.Append(": ");
        Append(text, map.DynamicValue);
        text.Append(']');
    }

    private static string KeyText(ObjectTypeMember member) => member.Key is Values.RegoString name ? name.Value : member.Key.ToString();
}
