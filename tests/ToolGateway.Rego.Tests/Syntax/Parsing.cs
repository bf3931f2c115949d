using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Tests.Syntax;

/// <summary>Short ways to parse in tests.</summary>
internal static class Parsing
{
    public static Module Module(string text, ParserOptions? options = null)
    {
        var (module, errors) = RegoParser.ParseModule(new RegoSource("a.rego", text), options);
        Assert.Empty(errors);
        return module!;
    }

    public static Rule Rule(string text, ParserOptions? options = null) => Assert.Single(Module("package a\n" + text, options).Rules);

    public static IReadOnlyList<string> Errors(string text, ParserOptions? options = null)
    {
        var (module, errors) = RegoParser.ParseModule(new RegoSource("a.rego", text), options);
        Assert.Null(module);
        return [.. errors.Select(static error => error.ToString())];
    }

    public static string Query(string text, ParserOptions? options = null)
    {
        var (body, errors) = RegoParser.ParseQuery(text, options);
        Assert.Empty(errors);
        return TermText.Of(body!);
    }
}
