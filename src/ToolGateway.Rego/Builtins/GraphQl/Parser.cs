using System.Diagnostics.CodeAnalysis;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.GraphQl;

/// <summary>Parses queries and schemas. The first error stays; parsing then runs out without reading on.</summary>
internal sealed partial class Parser
{
    private const int BytesPerToken = 200;

    private readonly Lexer _lexer;
    private readonly EvaluationBudget _budget;
    private Token _token;
    private Token _previous;

    private Parser(string text, EvaluationBudget budget)
    {
        _lexer = new Lexer(text);
        _budget = budget;
        _token = _lexer.Next();
    }

    public string? Error { get; private set; }

    /// <summary>Where each node began, by reference: equal nodes may occur twice.</summary>
    public Dictionary<RegoObject, (int Line, int Column)> Places { get; } = new(ReferenceEqualityComparer.Instance);

    private bool Failed => Error is not null;

    public static bool TryParseQuery(string text, EvaluationBudget budget, [NotNullWhen(true)] out RegoObject? document, out Parser parser)
    {
        parser = new Parser(text, budget);
        document = parser.ParseQueryDocument();
        return parser.Complete(ref document);
    }

    public static bool TryParseSchema(string text, EvaluationBudget budget, [NotNullWhen(true)] out RegoObject? document, out Parser parser)
    {
        parser = new Parser(text, budget);
        document = parser.ParseSchemaDocument();
        return parser.Complete(ref document);
    }

    private bool Complete([NotNullWhen(true)] ref RegoObject? document)
    {
        if (Failed)
            document = null;
        return document is not null;
    }

    private RegoObject At(Token start, RegoObject node)
    {
        Places[node] = (start.Line, start.Column);
        return node;
    }

    private Token Next()
    {
        if (Failed)
            return _previous;
        _budget.Step();
        _budget.Charge(BytesPerToken);
        _previous = _token;
        _token = _lexer.Next();
        return _previous;
    }

    private bool Skip(string punctuator)
    {
        if (Failed || !_token.Is(punctuator))
            return false;
        Next();
        return true;
    }

    private void Expect(string punctuator)
    {
        if (_token.Is(punctuator))
            Next();
        else
            Fail(_token, $"Expected {punctuator}, found {_token}");
    }

    private string ParseName()
    {
        if (_token.Kind == TokenKind.Name)
            return Next().Text;
        Fail(_token, $"Expected Name, found {_token}");
        return "";
    }

    private void ExpectKeyword(string keyword)
    {
        if (_token.IsName(keyword))
            Next();
        else
            Fail(_token, $"Expected \"{keyword}\", found {_token}");
    }

    private void Unexpected(Token token) => Fail(token, $"Unexpected {token}");

    private void Fail(Token token, string message) => Error ??= $"{message} in GraphQL string at location {token.Line}:{token.Column}";

    /// <summary>Items between brackets, which may be absent; when present they hold at least one item if <paramref name="some"/>.</summary>
    private RegoArray Between(string open, string close, bool some, Func<RegoValue> parse)
    {
        var items = new List<RegoValue>();
        if (!Skip(open))
            return RegoArray.Empty;
        while (!Failed && !_token.Is(close))
            items.Add(parse());
        if (some && items.Count == 0)
            Fail(_token, $"expected at least one definition, found {_token.Title}");
        Next();
        return Node.List(items);
    }

    private RegoObject ParseTypeReference()
    {
        var start = _token;
        RegoObject? element = null;
        var name = "";
        if (Skip("["))
        {
            _budget.Enter();
            element = ParseTypeReference();
            _budget.Leave();
            Expect("]");
        }
        else
        {
            name = ParseName();
        }

        return At(start, Node.Make(("NamedType", Node.Text(name)), ("Elem", element), ("NonNull", RegoBoolean.Of(Skip("!")))));
    }

    private RegoArray ParseDirectives(bool constant)
    {
        var items = new List<RegoValue>();
        while (!Failed && _token.Is("@"))
        {
            var start = Next();
            var name = ParseName();
            items.Add(At(start, Node.Make(("Name", Node.Text(name)), ("Arguments", ParseArguments(constant)), ("Location", RegoString.Empty))));
        }

        return Node.List(items);
    }

    private RegoArray ParseArguments(bool constant) => Between("(", ")", some: false, () => ParseNamedValue(constant));

    private RegoObject ParseNamedValue(bool constant)
    {
        var start = _token;
        var name = ParseName();
        Expect(":");
        return At(start, Node.Make(("Name", Node.Text(name)), ("Value", ParseValue(constant))));
    }

    private RegoObject ParseValue(bool constant)
    {
        var start = _token;
        switch (start.Kind)
        {
            case TokenKind.Punctuator when start.Text is "[" or "{":
                _budget.Enter();
                var children = start.Text == "["
                    ? Between("[", "]", some: false, () => Node.Make(("Name", RegoString.Empty), ("Value", ParseValue(constant))))
                    : Between("{", "}", some: false, () => ParseNamedValue(constant));
                _budget.Leave();
                return MakeValue(start, start.Text == "[" ? ValueKind.List : ValueKind.Object, "", children);
            case TokenKind.Punctuator when start.Text == "$" && !constant:
                Next();
                return MakeValue(start, ValueKind.Variable, ParseName(), null);
            case TokenKind.Int or TokenKind.Float or TokenKind.String or TokenKind.BlockString or TokenKind.Name:
                Next();
                return MakeValue(start, KindOf(start), start.Text, null);
            default:
                Unexpected(start);
                return RegoObject.Empty;
        }
    }

    private static ValueKind KindOf(Token token) => token switch
    {
        { Kind: TokenKind.Int } => ValueKind.Int,
        { Kind: TokenKind.Float } => ValueKind.Float,
        { Kind: TokenKind.String } => ValueKind.String,
        { Kind: TokenKind.BlockString } => ValueKind.Block,
        { Text: "true" or "false" } => ValueKind.Boolean,
        { Text: "null" } => ValueKind.Null,
        _ => ValueKind.Enum,
    };

    private RegoObject MakeValue(Token start, ValueKind kind, string raw, RegoArray? children) => At(start, Node.Make(
        ("Raw", Node.Text(raw)), ("Kind", RegoNumber.Of((int)kind)), ("Children", children), ("ExpectedTypeHasDefault", RegoBoolean.False)));
}
