using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Syntax;

/// <summary>Text to syntax trees. Never throws for bad text: what is wrong comes back as errors, and then there is no tree.</summary>
internal static class RegoParser
{
    public static (Module? Module, IReadOnlyList<RegoError> Errors) ParseModule(RegoSource source, ParserOptions? options = null) =>
        Run(source, options ?? ParserOptions.Default, static parser => parser.ParseModule());

    public static (Body? Body, IReadOnlyList<RegoError> Errors) ParseQuery(string text, ParserOptions? options = null) =>
        Run(new RegoSource("", text), options ?? ParserOptions.Default, static parser => parser.ParseWholeQuery());

    public static (Term? Term, IReadOnlyList<RegoError> Errors) ParseTerm(string text, ParserOptions? options = null) =>
        Run(new RegoSource("", text), options ?? ParserOptions.Default, static parser => parser.ParseWholeTerm());

    private static (T? Tree, IReadOnlyList<RegoError> Errors) Run<T>(RegoSource source, ParserOptions options, Func<Parser, T?> parse)
        where T : class
    {
        if (SourceCheck.Find(source, options.Limits) is { } refused)
            return (null, [refused]);
        var parser = new Parser(new SourceText(source.File, source.Text), options);
        var tree = parse(parser);
        var errors = parser.TakeErrors();
        return errors.Count == 0 ? (tree, errors) : (null, errors);
    }
}
