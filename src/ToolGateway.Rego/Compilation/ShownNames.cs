using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>References with the names that their author wrote, for messages.</summary>
internal sealed class ShownNames : SyntaxRewriter
{
    private static readonly ShownNames Instance = new();

    public static RefTerm Of(RefTerm reference) => (RefTerm)Instance.Rewrite(reference);

    public override Term Rewrite(Term term) => term is VarTerm variable ? variable with { Name = LocalNames.Original(variable.Name) } : base.Rewrite(term);
}
