using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>urlquery.encode, decode, encode_object, decode_object.</summary>
internal static class UrlQuery
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("urlquery.decode(x:string) -> string", Decode),
        Signature.Declare("urlquery.decode_object(x:string) -> object[string:array[string]]", DecodeObject),
        Signature.Declare("urlquery.encode(x:string) -> string", Encode),
        Signature.Declare("urlquery.encode_object(object:object[string:string|array[string]|set[string]]) -> string", EncodeObject),
    ];

    private static RegoString? Encode(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text))
            return null;
        context.SpendText((long)text.Length * 9);
        return RegoString.Of(GoUrl.Escape(text));
    }

    private static RegoValue? Decode(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text))
            return null;
        context.SpendText((long)text.Length * 2);
        return GoUrl.TryUnescape(text, plusIsSpace: true, out var decoded, out var error) ? RegoString.Of(decoded) : context.Fail(error);
    }

    private static RegoValue? DecodeObject(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text))
            return null;
        context.SpendText((long)text.Length * 4);
        var values = new Dictionary<string, List<RegoValue>>(StringComparer.Ordinal);
        foreach (var pair in text.Split('&'))
        {
            context.Budget.Step();
            if (pair.Contains(';', StringComparison.Ordinal))
                return context.Fail("invalid semicolon separator in query");
            if (pair.Length == 0)
                continue;
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            if (!GoUrl.TryUnescape(name, plusIsSpace: true, out var key, out var error) ||
                !GoUrl.TryUnescape(equals < 0 ? "" : pair[(equals + 1)..], plusIsSpace: true, out var value, out error))
                return context.Fail(error);
            if (!values.TryGetValue(key, out var list))
                values[key] = list = [];
            list.Add(RegoString.Of(value));
        }

        return RegoObject.From(values.Select(pair => KeyValuePair.Create<RegoValue, RegoValue>(new RegoString(pair.Key), RegoArray.From(pair.Value))));
    }

    private static RegoValue? EncodeObject(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetObject(args, 1, out var map))
            return null;
        ValueSize.Spend(context, map);
        var query = new StringBuilder();
        foreach (var (key, value) in map.Members)
        {
            if (key is not RegoString name)
                return context.FailOperand(1, "string", key);
            if (value is not (RegoString or RegoArray or RegoSet))
                return context.FailOperand(1, "one of {string, array, set}", value);
            var items = value is RegoArray array ? array.Items : value is RegoSet set ? set.Items : [value];
            foreach (var item in items)
            {
                if (item is not RegoString text)
                    return context.FailElement(1, value, "string", item);
                query.Append(query.Length > 0 ? "&" : "").Append(GoUrl.Escape(name.Value)).Append('=').Append(GoUrl.Escape(text.Value));
            }
        }

        return RegoString.Of(query.ToString());
    }
}
