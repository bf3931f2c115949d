using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>uri.parse and uri.is_valid.</summary>
internal static class Uri
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("uri.parse(uri:string) -> object[string:any]", Parse),
        Signature.Declare("uri.is_valid(uri:string) -> boolean", (c, a) => IsValid(c, a)),
    ];

    private static RegoValue? Parse(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var text))
            return null;
        context.SpendText((long)text.Length * 4);
        if (GoUri.Parse(text, out var error) is not { } uri)
            return context.Fail($"parse {GoQuote.Quote(text)}: {error}");
        var parts = new RegoObjectBuilder();
        Add(parts, "scheme", uri.Scheme);
        Add(parts, "hostname", uri.Hostname);
        Add(parts, "port", uri.Port);
        Add(parts, "path", uri.Path);
        Add(parts, "raw_path", uri.RawPath);
        Add(parts, "raw_query", uri.RawQuery);
        Add(parts, "fragment", uri.Fragment);
        return parts.ToObject();
    }

    private static RegoBoolean IsValid(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString { Value: { Length: > 0 } text })
            return RegoBoolean.False;
        context.SpendText((long)text.Length * 4);
        return RegoBoolean.Of(GoUri.Parse(text, out _) is not null);
    }

    private static void Add(RegoObjectBuilder parts, string name, string value)
    {
        if (value.Length > 0)
            parts.Set(name, new RegoString(value));
    }
}
