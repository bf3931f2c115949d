using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    private static readonly string[] OldKeywords = ["contains", "every", "if", "in"];
    private static readonly string[] NewKeywords = ["and", "not", "or"];

    private void ParseImport()
    {
        var start = _at;
        Next();
        if (Kind != TokenKind.Ident)
        {
            Error(Here(), "expected ident");
            return;
        }

        var first = _at;
        if (ParseTerm() is not { } term || ImportPath(term, first) is not { } path)
            return;
        string? alias = null;
        if (Accept(TokenKind.As))
        {
            if (Kind != TokenKind.Ident || ParseTerm() is not VarTerm { IsWildcard: false } name)
            {
                Unexpected("expected var");
                return;
            }

            alias = name.Name;
        }

        var import = new Import(path, alias, Since(start));
        var head = ((VarTerm)path.Head).Name;
        if (head == "future" && !CheckFutureImport(import) || head == "rego" && !CheckRegoImport(import))
            return;
        _imports.Add(import);
        _statements.Add(new Statement(_tokens[start].Start, import, null));
    }

    private RefTerm? ImportPath(Term term, int first)
    {
        var path = term switch
        {
            VarTerm name => new RefTerm(name, [], name.Location),
            RefTerm reference => reference,
            _ => null,
        };
        if (path is null)
        {
            Error(_source.At(_tokens[first].Start, _tokens[first].End), "expected path");
            return null;
        }

        foreach (var operand in path.Operands)
        {
            if (operand is ScalarTerm { Value: RegoString })
                continue;
            Error(operand.Location, $"unexpected token {TermText.Of(operand)}: expecting string");
            return null;
        }

        if (path.Head is VarTerm { Name: "data" or "input" or "future" or "rego" })
            return path;
        Error(path.Location, $"unexpected import path, must begin with one of: {{data, future, input, rego}}, got: {TermText.Of(path.Head)}");
        return null;
    }

    private bool CheckFutureImport(Import import)
    {
        var location = import.Path.Location;
        if (Operand(import, 0) != "keywords")
            return Refuse(location, "invalid import, must be `future.keywords`");
        if (import.Alias is not null)
            return Refuse(location, "`future` imports cannot be aliased");
        if (import.Path.Operands.Count == 1)
        {
            foreach (var name in OldKeywords)
                EnableKeyword(name);
            return true;
        }

        if (import.Path.Operands.Count > 2)
            return Refuse(location, "invalid import, must be `future.keywords.x`, e.g. `import future.keywords.in`");
        if (EnableKeyword(Operand(import, 1)))
            return true;
        var known = OldKeywords.Concat(NewKeywords).Order(StringComparer.Ordinal);
        return Refuse(location, $"unexpected keyword, must be one of [{string.Join(' ', known)}]");
    }

    private bool CheckRegoImport(Import import)
    {
        if (import.Path.Operands.Count != 1 || Operand(import, 0) != "v1")
            return Refuse(import.Path.Location, $"invalid import `{TermText.Of(import.Path)}`, must be `rego.v1`");
        if (import.Alias is not null)
            return Refuse(import.Path.Location, "`rego` imports cannot be aliased");
        foreach (var name in OldKeywords)
            EnableKeyword(name);
        _version = Math.Max(_version, 1);
        return true;
    }

    private bool EnableKeyword(string? name)
    {
        switch (name)
        {
            case "if" or "in" or "every" or "contains" or "and" or "or":
                // Terms read so far may have taken the word for a name.
                if (_keywords.Add(TokenNames.OfWord(name)))
                    _terms.Clear();
                return true;
            case "not":
                ScopedNot = true;
                return true;
            default:
                return false;
        }
    }

    private static string? Operand(Import import, int index) =>
        index < import.Path.Operands.Count ? ((RegoString)((ScalarTerm)import.Path.Operands[index]).Value).Value : null;

    private bool Refuse(SourceLocation location, string message)
    {
        Error(location, message);
        return false;
    }
}
