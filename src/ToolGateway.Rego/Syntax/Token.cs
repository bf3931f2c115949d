namespace ToolGateway.Rego.Syntax;

/// <summary>Kinds of token. Those between <see cref="Package"/> and <see cref="Or"/> are words.</summary>
internal enum TokenKind
{
    Eof,
    Illegal,
    Ident,
    Package,
    Import,
    As,
    Default,
    Else,
    Not,
    Some,
    With,
    Null,
    True,
    False,
    If,
    Contains,
    In,
    Every,
    And,
    Or,
    Number,
    String,
    RawString,
    TemplateStart,
    TemplateText,
    TemplateOpen,
    TemplateClose,
    TemplateEnd,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    LeftParen,
    RightParen,
    Comma,
    Colon,
    Semicolon,
    Dot,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Ampersand,
    Pipe,
    Unify,
    Assign,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// <summary>A token: where it stands, and whether white space or a line break stands before it.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int End, bool AfterSpace, bool AfterNewline);

/// <summary>Words of the language and names of tokens as OPA's messages give them.</summary>
internal static class TokenNames
{
    public static TokenKind OfWord(ReadOnlySpan<char> word) => word switch
    {
        "package" => TokenKind.Package,
        "import" => TokenKind.Import,
        "as" => TokenKind.As,
        "default" => TokenKind.Default,
        "else" => TokenKind.Else,
        "not" => TokenKind.Not,
        "some" => TokenKind.Some,
        "with" => TokenKind.With,
        "null" => TokenKind.Null,
        "true" => TokenKind.True,
        "false" => TokenKind.False,
        "if" => TokenKind.If,
        "contains" => TokenKind.Contains,
        "in" => TokenKind.In,
        "every" => TokenKind.Every,
        "and" => TokenKind.And,
        "or" => TokenKind.Or,
        _ => TokenKind.Ident,
    };

    public static bool IsWord(TokenKind kind) => kind is >= TokenKind.Ident and <= TokenKind.Or;

    public static bool IsKeyword(TokenKind kind) => kind is >= TokenKind.Package and <= TokenKind.Or;

    public static string Of(TokenKind kind) => kind switch
    {
        TokenKind.Eof => "eof",
        TokenKind.Illegal => "illegal",
        TokenKind.Ident => "identifier",
        TokenKind.Number => "number",
        TokenKind.String or TokenKind.RawString => "string",
        TokenKind.TemplateStart or TokenKind.TemplateText or TokenKind.TemplateEnd => "template-string",
        TokenKind.LeftBracket => "[",
        TokenKind.RightBracket => "]",
        TokenKind.LeftBrace or TokenKind.TemplateOpen => "{",
        TokenKind.RightBrace or TokenKind.TemplateClose => "}",
        TokenKind.LeftParen => "(",
        TokenKind.RightParen => ")",
        TokenKind.Comma => ",",
        TokenKind.Colon => ":",
        TokenKind.Semicolon => ";",
        TokenKind.Dot => ".",
        _ => OperatorName(kind),
    };

    private static string OperatorName(TokenKind kind) => kind switch
    {
        TokenKind.Plus => "plus",
        TokenKind.Minus => "minus",
        TokenKind.Star => "mul",
        TokenKind.Slash => "div",
        TokenKind.Percent => "rem",
        TokenKind.Ampersand => "and",
        TokenKind.Pipe => "or",
        TokenKind.Unify => "eq",
        TokenKind.Assign => "assign",
        TokenKind.Equal => "equal",
        TokenKind.NotEqual => "neq",
        TokenKind.Less => "lt",
        TokenKind.LessEqual => "lte",
        TokenKind.Greater => "gt",
        TokenKind.GreaterEqual => "gte",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
