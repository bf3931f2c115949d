using System.Runtime.CompilerServices;
using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Syntax;

/// <summary>
/// Recursive descent over the tokens of one source. A production returns null after it has noted an error. The grammar is ambiguous in a few places
/// (<c>{a | b}</c>, <c>if {…}</c>): there one reading is tried, and <see cref="Restore"/> goes back for the other; terms are remembered so that this stays linear.
/// </summary>
internal sealed partial class Parser
{
    private readonly SourceText _source;
    private readonly ParserOptions _options;
    private readonly List<Token> _tokens;
    private readonly Lexer _lexer;
    private readonly List<RegoError> _errors = [];
    private readonly Dictionary<int, Remembered> _terms = [];
    private readonly HashSet<TokenKind> _keywords;
    private RegoError? _halt;
    private int _version;
    private int _at;
    private int _depth;
    private int _wildcards;

    public Parser(SourceText source, ParserOptions options)
    {
        _source = source;
        _options = options;
        _version = options.RegoVersion;
        _lexer = new Lexer(source);
        _tokens = _lexer.Read();
        _keywords = _version >= 1 ? [TokenKind.If, TokenKind.Contains, TokenKind.In, TokenKind.Every] : [];
        foreach (var name in options.FutureKeywords)
            EnableKeyword(name);
    }

    private TokenKind Kind => KindAt(_at);

    private bool ScopedNot { get; set; }

    public IReadOnlyList<RegoError> TakeErrors()
    {
        if (_halt is not null)
            _errors.Add(_halt);
        return _errors;
    }

    private TokenKind KindAt(int index)
    {
        if (_halt is not null || index >= _tokens.Count)
            return TokenKind.Eof;
        var kind = _tokens[index].Kind;
        var optional = kind is TokenKind.If or TokenKind.Contains or TokenKind.In or TokenKind.Every or TokenKind.And or TokenKind.Or;
        return optional && !_keywords.Contains(kind) ? TokenKind.Ident : kind;
    }

    private ReadOnlySpan<char> TextAt(int index) => _source.Text.AsSpan(_tokens[index].Start, _tokens[index].End - _tokens[index].Start);

    private void Next()
    {
        if (_at < _tokens.Count - 1)
            _at++;
    }

    private bool Accept(TokenKind kind)
    {
        if (Kind != kind)
            return false;
        Next();
        return true;
    }

    /// <summary>Location of everything from the token <paramref name="first"/> to the last one passed.</summary>
    private SourceLocation Since(int first) => _source.At(_tokens[first].Start, _tokens[Math.Max(first, _at - 1)].End);

    private SourceLocation Here() => _source.At(_tokens[_at].Start, _tokens[_at].End);

    private State Save() => new(_at, _errors.Count, _depth);

    private void Restore(State state)
    {
        _at = state.At;
        _depth = state.Depth;
        _errors.RemoveRange(state.Errors, _errors.Count - state.Errors);
    }

    private void Error(SourceLocation location, string message) => _errors.Add(new RegoError(RegoErrorCodes.Parse, message, location));

    /// <summary>The present token does not fit.</summary>
    private void Unexpected(string? expected = null)
    {
        if (_halt is not null)
            return;
        var kind = Kind;
        if (kind == TokenKind.Illegal)
        {
            Error(Here(), _lexer.Errors[_at]);
            return;
        }

        var what = TokenNames.IsKeyword(kind) ? "keyword" : "token";
        Error(Here(), $"unexpected {TokenNames.Of(kind)} {what}" + (expected is null ? "" : ": " + expected));
    }

    /// <summary>One level deeper; false, with everything ended, when that is too deep.</summary>
    private bool Enter(int levels = 1)
    {
        _depth += levels;
        if (_depth <= _options.Limits.MaxDepth && RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return true;
        _halt ??= new RegoError(RegoErrorCodes.Parse, $"source nests deeper than {_options.Limits.MaxDepth} levels", Here());
        return false;
    }

    private void Leave(int levels = 1) => _depth -= levels;

    private readonly record struct State(int At, int Errors, int Depth);

    private readonly record struct Remembered(Term? Term, int End, RegoError[] Errors);
}
