using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

/// <summary>A parsed source file.</summary>
internal sealed record Module(
    string File,
    PackageDeclaration Package,
    IReadOnlyList<Import> Imports,
    IReadOnlyList<Rule> Rules,
    IReadOnlyList<Annotations> Annotations,
    IReadOnlyList<Comment> Comments);

/// <summary><c>package a.b</c>; <see cref="Path"/> is <c>data.a.b</c>: head var <c>data</c>, string operands.</summary>
internal sealed record PackageDeclaration(RefTerm Path, SourceLocation Location);

/// <summary><c>import data.x.y as z</c></summary>
internal sealed record Import(RefTerm Path, string? Alias, SourceLocation Location);

/// <summary>A comment without its <c>#</c>.</summary>
internal sealed record Comment(string Text, SourceLocation Location);

/// <summary>A METADATA block: what it says as a value, and where it applies (<c>rule document package subpackages</c>).</summary>
internal sealed record Annotations(string Scope, RegoObject Content, SourceLocation Location);

/// <summary>
/// One rule as written. <c>a if x</c>, <c>a := 1 if x</c>, <c>a contains k if x</c>, <c>a[k] := v if x</c>, <c>f(x) := y if z</c>, <c>default a := 1</c>.
/// A rule without a body has the body <c>true</c>. An else chain hangs on <see cref="Else"/>.
/// </summary>
internal sealed record Rule(RuleHead Head, Body Body, SourceLocation Location)
{
    public bool IsDefault { get; init; }

    public Rule? Else { get; init; }

    public IReadOnlyList<Annotations> Annotations { get; init; } = [];
}

/// <summary>
/// What stands before the body. <see cref="Reference"/> is the full name without the package: head var (<c>a</c>) and operands; in <c>a[k] := v</c>
/// the key is its last operand. <see cref="Key"/> is set only for <c>contains</c>. <see cref="Arguments"/> is null unless it is a function.
/// <see cref="Value"/> is null when none was written (then it is true, or for <c>contains</c> none).
/// </summary>
internal sealed record RuleHead(RefTerm Reference, IReadOnlyList<Term>? Arguments, Term? Key, Term? Value, SourceLocation Location)
{
    /// <summary>Whether <c>:=</c> (and not <c>=</c>) stands before the value.</summary>
    public bool IsAssigned { get; init; }
}

/// <summary>Expressions of which all must hold.</summary>
internal sealed record Body(IReadOnlyList<Expression> Expressions, SourceLocation Location);

/// <summary>One expression of a body, with its <c>with</c> modifiers.</summary>
internal abstract record Expression(SourceLocation Location)
{
    public IReadOnlyList<WithModifier> With { get; init; } = [];
}

/// <summary>A term that must be defined and not false (calls and operators included).</summary>
internal sealed record TermExpression(Term Term, SourceLocation Location) : Expression(Location);

/// <summary><c>not expr</c>; with <c>import future.keywords.not</c> also <c>not { body }</c>.</summary>
internal sealed record NotExpression(Body Body, SourceLocation Location) : Expression(Location)
{
    /// <summary>Whether the module imports <c>future.keywords.not</c>: everything inside, also what would be hoisted, is under the negation.</summary>
    public bool IsScoped { get; init; }
}

/// <summary><c>some x, y</c></summary>
internal sealed record SomeDeclaration(IReadOnlyList<VarTerm> Names, SourceLocation Location) : Expression(Location);

/// <summary><c>some x in xs</c>, <c>some k, v in xs</c></summary>
internal sealed record SomeInExpression(Term? Key, Term Value, Term Collection, SourceLocation Location) : Expression(Location);

/// <summary><c>every x in xs { … }</c>, <c>every k, v in xs { … }</c></summary>
internal sealed record EveryExpression(Term? Key, Term Value, Term Collection, Body Body, SourceLocation Location) : Expression(Location);

/// <summary>Control-flow <c>a and b</c>, <c>a or b</c> of <c>future.keywords</c>; gives no value.</summary>
internal sealed record LogicExpression(bool IsOr, Body Left, Body Right, SourceLocation Location) : Expression(Location);

/// <summary><c>with input.x as 1</c></summary>
internal sealed record WithModifier(Term Target, Term Value, SourceLocation Location);
