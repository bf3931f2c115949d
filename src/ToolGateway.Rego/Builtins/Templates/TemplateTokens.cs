using System.Globalization;
using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Templates;

/// <summary>Reads the tokens of one action.</summary>
internal sealed class TemplateTokens
{
    private readonly BuiltinContext _context;
    private readonly List<string> _tokens;
    private int _at;

    public TemplateTokens(BuiltinContext context, string action)
    {
        _context = context;
        _tokens = TemplateLexer.Tokens(action);
        context.Spend(_tokens.Count, 48);
    }

    public bool AtEnd => Peek().Length == 0;

    /// <summary>The next token that is no space, or nothing.</summary>
    public string Peek()
    {
        SkipSpace();
        return _at < _tokens.Count ? _tokens[_at] : "";
    }

    public string Next()
    {
        var token = Peek();
        _at++;
        return token;
    }

    public string NextText()
    {
        var token = Next();
        return token.Length > 1 && token[0] is '"' or '`' ? Unquote(token) : throw new TemplateException($"template: unexpected {token} in template clause");
    }

    public Pipeline ReadPipeline(bool range = false)
    {
        _context.Budget.Enter();
        var variables = new List<string>();
        var declares = false;
        var start = _at;
        while (Peek().StartsWith('$') && variables.Count < (range ? 2 : 1))
        {
            variables.Add(Next());
            if (Peek() is ":=" or "=")
            {
                declares = Next() == ":=";
                start = _at;
                break;
            }

            if (!range || Peek() != ",")
                break;
            Next();
        }

        if (start != _at)
            variables.Clear();
        _at = start;
        var commands = new List<Command> { ReadCommand() };
        while (Peek() == "|")
        {
            Next();
            commands.Add(ReadCommand());
        }

        if (Peek() is not ("" or ")"))
            throw new TemplateException($"template: unexpected {Peek()} in operand");
        _context.Budget.Leave();
        return new Pipeline(variables, declares, commands);
    }

    private Command ReadCommand()
    {
        var operands = new List<Operand>();
        while (Peek() is not ("" or "|" or ")"))
            operands.Add(ReadOperand());
        return operands.Count > 0 ? new Command(operands) : throw new TemplateException("template: missing value for command");
    }

    private Operand ReadOperand()
    {
        var token = Next();
        if (token == "(")
        {
            var inner = ReadPipeline();
            if (Next() != ")")
                throw new TemplateException("template: unclosed left paren");
            return new GroupOperand(inner, ReadFields(""));
        }

        if (token[0] == '.')
            return new DotOperand(ReadFields(token));
        if (token[0] == '$')
            return new VariableOperand(token, ReadFields(""));
        if (token[0] is '"' or '`' or '\'')
            return new ConstantOperand(token[0] == '\'' ? (long)Rune.GetRuneAt(Unquote(token), 0).Value : new RegoString(Unquote(token)));
        if (char.IsAsciiDigit(token[0]) || token[0] is '+' or '-')
            return new ConstantOperand(ReadNumber(token));
        return token switch
        {
            "true" => new ConstantOperand(RegoBoolean.True),
            "false" => new ConstantOperand(RegoBoolean.False),
            "nil" => new ConstantOperand(null),
            _ when TemplateFunctions.Names.Contains(token) => new FunctionOperand(token),
            _ => throw new TemplateException($"template: function {GoQuote.Quote(token)} not defined"),
        };
    }

    // Fields follow without a space: .a.b, $x.a, (…).a
    private List<string> ReadFields(string first)
    {
        var fields = new List<string>();
        if (first.Length > 1)
            fields.Add(first[1..]);
        while (_at < _tokens.Count && _tokens[_at].Length > 1 && _tokens[_at][0] == '.')
            fields.Add(_tokens[_at++][1..]);
        return fields;
    }

    private static object ReadNumber(string token)
    {
        if (long.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return integer;
        return double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            ? real
            : throw new TemplateException($"template: bad number syntax: {GoQuote.Quote(token)}");
    }

    private static string Unquote(string token)
    {
        var body = token[1..^1];
        if (token[0] == '`' || !body.Contains('\\', StringComparison.Ordinal))
            return body;
        var json = "\"" + body.Replace("\\'", "'", StringComparison.Ordinal).Replace("\\a", "\\u0007", StringComparison.Ordinal)
            .Replace("\\v", "\\u000b", StringComparison.Ordinal) + "\"";
        return RegoJson.TryParse(json, out var value, out _) && value is RegoString text
            ? text.Value
            : throw new TemplateException($"template: invalid syntax in {token}");
    }

    private void SkipSpace()
    {
        while (_at < _tokens.Count && _tokens[_at] == " ")
            _at++;
    }
}
