using System.Globalization;
using System.Text;
using ToolGateway.Rego.Builtins.Format;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Templates;

/// <summary>Values as Go prints them: [1 2], map[a:1 b:2].</summary>
internal static class TemplateText
{
    /// <summary>The text that an action prints.</summary>
    public static string Of(BuiltinContext context, object? value)
    {
        if (value is null or RegoNull)
            return "<no value>";
        if (value is RegoValue data)
            ValueSize.Spend(context, data);
        return OfAny(value);
    }

    public static string OfAny(object? value)
    {
        switch (value)
        {
            case null or RegoNull:
                return "<nil>";
            case long integer:
                return integer.ToString(CultureInfo.InvariantCulture);
            case double real:
                return GoFloat.Text(real, 'v', default)!;
            case RegoString text:
                return text.Value;
            case RegoArray array:
                return "[" + string.Join(' ', array.Select(item => OfAny(item))) + "]";
            case RegoObject map:
                var members = new StringBuilder("map[");
                foreach (var (key, member) in map.Members)
                    members.Append(members.Length > 4 ? " " : "").Append(OfAny(key)).Append(':').Append(OfAny(member));
                return members.Append(']').ToString();
            default:
                return ((RegoValue)value).ToJson();
        }
    }

    public static string TypeOf(object? value) => value switch
    {
        null or RegoNull => "nil",
        long => "int",
        double => "float64",
        RegoBoolean => "bool",
        RegoString => "string",
        RegoNumber => "json.Number",
        RegoArray => "[]interface {}",
        _ => "map[string]interface {}",
    };
}
