using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using ToolGateway.Rego.Builtins.Format;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Templates;

/// <summary>The functions of Go's text templates. Numbers from data are texts there: they are true, and compare by their characters.</summary>
internal static class TemplateFunctions
{
    public static FrozenSet<string> Names { get; } = FrozenSet.ToFrozenSet(
        ["and", "or", "not", "len", "index", "slice", "print", "printf", "println", "html", "js", "urlquery", "eq", "ne", "lt", "le", "gt", "ge"],
        StringComparer.Ordinal);

    public static bool IsTrue(object? value) => value switch
    {
        null or RegoNull => false,
        RegoBoolean flag => flag.Value,
        RegoString text => text.Value.Length > 0,
        RegoArray array => array.Count > 0,
        RegoObject map => map.Count > 0,
        long integer => integer != 0,
        double real => real != 0,
        _ => true,
    };

    public static object? Call(BuiltinContext context, string name, List<object?> arguments)
    {
        var (least, most) = name switch
        {
            "not" or "len" => (1, 1),
            "print" or "println" or "html" or "js" or "urlquery" => (0, int.MaxValue),
            "ne" or "lt" or "le" or "gt" or "ge" => (2, 2),
            "eq" => (2, int.MaxValue),
            _ => (1, int.MaxValue),
        };
        if (arguments.Count < least || arguments.Count > most)
            throw new TemplateException($"template: wrong number of args for {name}: want {least} got {arguments.Count}");
        return name switch
        {
            "and" or "or" => arguments[^1],
            "not" => RegoBoolean.Of(!IsTrue(arguments[0])),
            "len" => Length(arguments[0]),
            "index" => arguments.Skip(1).Aggregate(arguments[0], Index),
            "slice" => Slice(arguments),
            "eq" => RegoBoolean.Of(arguments.Skip(1).Any(other => TemplateComparison.Equal(arguments[0], other))),
            "ne" => RegoBoolean.Of(!TemplateComparison.Equal(arguments[0], arguments[1])),
            "lt" or "le" or "gt" or "ge" => Order(name, TemplateComparison.Compare(arguments[0], arguments[1])),
            _ => new RegoString(Print(context, name, arguments)),
        };
    }

    private static RegoBoolean Order(string name, int order) => RegoBoolean.Of(name switch { "lt" => order < 0, "le" => order <= 0, "gt" => order > 0, _ => order >= 0 });

    private static long Length(object? value) => value switch
    {
        RegoString text => Encoding.UTF8.GetByteCount(text.Value),
        RegoNumber number => number.ToText().Length,
        RegoArray array => array.Count,
        RegoObject map => map.Count,
        _ => throw new TemplateException($"template: error calling len: len of type {TemplateText.TypeOf(value)}"),
    };

    private static object? Index(object? value, object? key) => (value, key) switch
    {
        (RegoObject map, RegoString name) => map.TryGetValue(name, out var member) ? member : null,
        (RegoArray array, long at) when at >= 0 && at < array.Count => array[(int)at],
        (RegoArray, long at) => throw new TemplateException($"template: error calling index: index out of range: {at}"),
        (null or RegoNull, _) => throw new TemplateException("template: error calling index: index of untyped nil"),
        _ => throw new TemplateException($"template: error calling index: cannot index {TemplateText.TypeOf(value)} with type {TemplateText.TypeOf(key)}"),
    };

    private static RegoValue Slice(List<object?> arguments)
    {
        var length = arguments[0] is RegoString text ? text.Value.Length : arguments[0] is RegoArray array ? array.Count : -1;
        var from = arguments.Count > 1 ? arguments[1] as long? : 0;
        var to = arguments.Count > 2 ? arguments[2] as long? : length;
        if (length < 0 || from is null || to is null || from < 0 || to > length || from > to)
            throw new TemplateException($"template: error calling slice: cannot slice {TemplateText.TypeOf(arguments[0])}");
        return arguments[0] is RegoString s ? RegoString.Of(s.Value[(int)from..(int)to]) : RegoArray.Of(((RegoArray)arguments[0]!).Items[(int)from..(int)to]);
    }

    private static string Print(BuiltinContext context, string name, List<object?> arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument is RegoValue data)
                ValueSize.Spend(context, data);
        }

        if (name == "printf")
            return Format(context, arguments);
        var text = name == "println" ? string.Join(' ', arguments.Select(TemplateText.OfAny)) + "\n" : Join(arguments);
        context.SpendText((long)text.Length * 6);
        return name switch { "html" => Html(text), "js" => Script(text), "urlquery" => GoUrl.Escape(text), _ => text };
    }

    // A space stands between two operands when neither is a string.
    private static string Join(List<object?> arguments)
    {
        var text = new StringBuilder();
        for (var i = 0; i < arguments.Count; i++)
            text.Append(i > 0 && arguments[i] is not RegoString && arguments[i - 1] is not RegoString ? " " : "").Append(TemplateText.OfAny(arguments[i]));
        return text.ToString();
    }

    private static string Format(BuiltinContext context, List<object?> arguments)
    {
        if (arguments[0] is not RegoString format)
            throw new TemplateException("template: wrong type for value; expected string");
        var operands = arguments.Skip(1).Select(argument => argument switch
        {
            long integer => new GoOperand(integer),
            double real => new GoOperand(real),
            _ => new GoOperand(TemplateText.OfAny(argument)),
        }).ToArray();
        var printer = new GoPrinter(context, operands);
        printer.Print(format.Value);
        return printer.ToString();
    }

    private static string Html(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("\0", "\uFFFD", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Script(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if (c is '\\' or '\'' or '"')
                escaped.Append('\\').Append(c);
            else if (c is '<' or '>' or '&' or '=' or < ' ')
                escaped.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            else
                escaped.Append(c);
        }

        return escaped.ToString();
    }
}
