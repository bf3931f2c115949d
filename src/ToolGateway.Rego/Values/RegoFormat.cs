using System.Text;

namespace ToolGateway.Rego.Values;

/// <summary>Text of values as OPA prints terms.</summary>
internal static class RegoFormat
{
    public static string ToTermText(RegoValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, RegoValue value)
    {
        switch (value)
        {
            case RegoArray array:
                text.Append('[');
                AppendItems(text, array.Items);
                text.Append(']');
                break;
            case RegoSet { Count: 0 }:
                text.Append("set()");
                break;
            case RegoSet set:
                text.Append('{');
                AppendItems(text, set.Items);
                text.Append('}');
                break;
            case RegoObject map:
                AppendMembers(text, map);
                break;
            case RegoString s:
                text.Append(GoQuote.Quote(s.Value));
                break;
            default:
                text.Append(value.ToJson());
                break;
        }
    }

    private static void AppendMembers(StringBuilder text, RegoObject map)
    {
        text.Append('{');
        var first = true;
        foreach (var (key, member) in map.Members)
        {
            if (!first)
                text.Append(", ");
            first = false;
            Append(text, key);
            text.Append(": ");
            Append(text, member);
        }

        text.Append('}');
    }

    private static void AppendItems(StringBuilder text, ReadOnlySpan<RegoValue> items)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            Append(text, items[i]);
        }
    }
}
