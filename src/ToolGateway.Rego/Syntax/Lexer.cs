using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Syntax;

/// <summary>Turns a source into tokens and comments in one pass. What is no token becomes <see cref="TokenKind.Illegal"/> with an error.</summary>
internal sealed partial class Lexer(SourceText source)
{
    private readonly string _text = source.Text;
    private readonly List<Token> _tokens = new(source.Text.Length / 4);
    private readonly Stack<TemplateFrame> _templates = new();
    private int _at;
    private int _braces;
    private bool _afterSpace;
    private bool _afterNewline = true;

    public List<Comment> Comments { get; } = [];

    /// <summary>Messages for illegal tokens, by index of the token.</summary>
    public Dictionary<int, string> Errors { get; } = [];

    public List<Token> Read()
    {
        if (_text.StartsWith('\ufeff'))
            _at = 1;
        while (SkipSpace())
            ReadToken();
        Add(TokenKind.Eof, _at);
        return _tokens;
    }

    private bool SkipSpace()
    {
        for (; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            if (c == '\n')
                _afterNewline = true;
            else if (c == '#')
                ReadComment();
            else if (c is not (' ' or '\t' or '\r'))
                return true;
            _afterSpace = true;
        }

        return false;
    }

    private void ReadComment()
    {
        var start = _at;
        var end = _text.IndexOf('\n', start);
        if (end < 0)
            end = _text.Length;
        var stop = end > start && _text[end - 1] == '\r' ? end - 1 : end;
        Comments.Add(new Comment(_text[(start + 1)..stop], source.At(start, stop)));
        _at = end - 1;
    }

    private void ReadToken()
    {
        var c = _text[_at];
        if (IsLetter(c))
            ReadWord();
        else if (char.IsAsciiDigit(c))
            ReadNumber();
        else if (c == '"')
            ReadString();
        else if (c == '`')
            ReadRawString();
        else if (c == '$' && Peek(1) is '"' or '`')
            StartTemplate();
        else if (c == '}' && _templates.Count > 0 && _braces == 0)
            ResumeTemplate();
        else
            ReadSymbol(c);
    }

    private void ReadWord()
    {
        var start = _at;
        while (_at < _text.Length && (IsLetter(_text[_at]) || char.IsAsciiDigit(_text[_at])))
            _at++;
        var kind = TokenNames.OfWord(_text.AsSpan(start, _at - start));

        // A keyword that begins a reference (if.foo) is a name.
        if (kind != TokenKind.Ident && Peek(0) == '.' && IsLetter(Peek(1)))
            kind = TokenKind.Ident;
        Add(kind, start);
    }

    private void ReadSymbol(char c)
    {
        var start = _at++;
        var next = Peek(0);
        var kind = (c, next) switch
        {
            (':', '=') => TokenKind.Assign,
            ('=', '=') => TokenKind.Equal,
            ('!', '=') => TokenKind.NotEqual,
            ('<', '=') => TokenKind.LessEqual,
            ('>', '=') => TokenKind.GreaterEqual,
            _ => TokenKind.Illegal,
        };
        if (kind != TokenKind.Illegal)
            _at++;
        else
            kind = SingleSymbol(c);
        if (kind == TokenKind.LeftBrace)
            _braces++;
        else if (kind == TokenKind.RightBrace && _braces > 0)
            _braces--;
        if (kind == TokenKind.Illegal)
            Fail(start, "illegal token");
        else
            Add(kind, start);
    }

    private static TokenKind SingleSymbol(char c) => c switch
    {
        '[' => TokenKind.LeftBracket,
        ']' => TokenKind.RightBracket,
        '{' => TokenKind.LeftBrace,
        '}' => TokenKind.RightBrace,
        '(' => TokenKind.LeftParen,
        ')' => TokenKind.RightParen,
        ',' => TokenKind.Comma,
        ':' => TokenKind.Colon,
        ';' => TokenKind.Semicolon,
        '.' => TokenKind.Dot,
        '+' => TokenKind.Plus,
        '-' => TokenKind.Minus,
        '*' => TokenKind.Star,
        '/' => TokenKind.Slash,
        '%' => TokenKind.Percent,
        '&' => TokenKind.Ampersand,
        '|' => TokenKind.Pipe,
        '=' => TokenKind.Unify,
        '<' => TokenKind.Less,
        '>' => TokenKind.Greater,
        _ => TokenKind.Illegal,
    };

    private static bool IsLetter(char c) => char.IsAsciiLetter(c) || c == '_';

    private char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private void Add(TokenKind kind, int start)
    {
        _tokens.Add(new Token(kind, start, _at, _afterSpace, _afterNewline));
        _afterSpace = false;
        _afterNewline = false;
    }

    private void Fail(int start, string message)
    {
        Errors[_tokens.Count] = message;
        Add(TokenKind.Illegal, start);
    }

    private readonly record struct TemplateFrame(bool IsRaw, int Braces, int Start);
}
