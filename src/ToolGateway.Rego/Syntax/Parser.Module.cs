namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    private readonly List<Import> _imports = [];
    private readonly List<Rule> _rules = [];
    private readonly List<Statement> _statements = [];
    private PackageDeclaration? _package;

    public Module? ParseModule()
    {
        if (Kind == TokenKind.Eof)
        {
            Error(Here(), "empty module");
            return null;
        }

        while (Kind != TokenKind.Eof && _errors.Count < _options.MaxErrors)
        {
            var start = _at;
            var errors = _errors.Count;
            _depth = 0;
            ParseStatement();

            // Without a package every statement would be one error more, all of them for the first one.
            if (_package is null)
                break;
            if (_errors.Count > errors)
                SkipToNextStatement(start);
        }

        var annotations = _options.ReadAnnotations && _errors.Count == 0 && _halt is null ? AttachAnnotations() : [];
        return _package is null ? null : new Module(_source.File, _package, _imports, _rules, annotations, _lexer.Comments);
    }

    public Body? ParseWholeQuery()
    {
        if (Kind == TokenKind.Eof)
        {
            Error(Here(), "empty query");
            return null;
        }

        return ParseQuery(TokenKind.Eof);
    }

    public Term? ParseWholeTerm()
    {
        var term = ParseInfix(keyAllowed: true);
        if (term is null || Kind == TokenKind.Eof)
            return term;
        Unexpected();
        return null;
    }

    private void ParseStatement()
    {
        if (_package is null)
        {
            if (Kind == TokenKind.Package)
                ParsePackage();
            else
                Error(Here(), "package expected");
            return;
        }

        switch (Kind)
        {
            case TokenKind.Package:
                Error(Here(), "unexpected package");
                break;
            case TokenKind.Import:
                ParseImport();
                break;
            default:
                ParseRules();
                break;
        }
    }

    private void ParsePackage()
    {
        var start = _at;
        Next();
        if (Kind != TokenKind.Ident)
        {
            Unexpected();
            return;
        }

        var first = _at;
        var term = ParseTerm();
        if (term is null)
            return;
        var path = new List<Term>();
        if (!CollectPath(term, path))
            return;
        var root = new VarTerm("data", Since(first));
        _package = new PackageDeclaration(new RefTerm(root, path, Since(first)), Since(start));
        _statements.Add(new Statement(_tokens[start].Start, _package, null));
    }

    private bool CollectPath(Term term, List<Term> path)
    {
        var reference = term as RefTerm ?? new RefTerm(term, [], term.Location);
        if (reference.Head is not VarTerm head)
        {
            Error(reference.Head.Location, $"unexpected {TermNames.Of(reference.Head)} token: expecting var");
            return false;
        }

        path.Add(Text(head.Name, head.Location));
        foreach (var operand in reference.Operands)
        {
            if (operand is not ScalarTerm { Value: Values.RegoString })
            {
                Error(operand.Location, $"unexpected {TermNames.Of(operand)} token: expecting string");
                return false;
            }

            path.Add(operand);
        }

        return true;
    }

    /// <summary>After an error, goes on at the next line that begins in the first column and looks like a statement, so that all errors are told at once.</summary>
    private void SkipToNextStatement(int start)
    {
        if (_at == start)
            Next();
        while (Kind != TokenKind.Eof)
        {
            var token = _tokens[_at];
            if (token.AfterNewline && TokenNames.IsWord(token.Kind) && (token.Start == 0 || _source.Text[token.Start - 1] == '\n'))
                return;
            Next();
        }
    }

    private sealed record Statement(int Offset, object Node, Rule? Rule);
}
