using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

/// <summary>A term of the syntax tree. Trees are immutable; compiler passes make new ones.</summary>
internal abstract record Term(SourceLocation Location);

/// <summary>null, a boolean, a number or a string.</summary>
internal sealed record ScalarTerm(RegoValue Value, SourceLocation Location) : Term(Location);

/// <summary>A variable. Each written <c>_</c> becomes a name of its own that begins with <see cref="WildcardPrefix"/>.</summary>
internal sealed record VarTerm(string Name, SourceLocation Location) : Term(Location)
{
    public const string WildcardPrefix = "$";

    public bool IsWildcard => Name.StartsWith(WildcardPrefix, StringComparison.Ordinal);
}

/// <summary>A reference: head (a variable, call, composite or comprehension) and operands. <c>a.b[c]</c> is a, "b", c.</summary>
internal sealed record RefTerm(Term Head, IReadOnlyList<Term> Operands, SourceLocation Location) : Term(Location);

/// <summary><c>[a, b]</c></summary>
internal sealed record ArrayTerm(IReadOnlyList<Term> Items, SourceLocation Location) : Term(Location);

/// <summary><c>{a, b}</c> or <c>set()</c></summary>
internal sealed record SetTerm(IReadOnlyList<Term> Items, SourceLocation Location) : Term(Location);

/// <summary><c>{k: v}</c></summary>
internal sealed record ObjectTerm(IReadOnlyList<ObjectTermMember> Members, SourceLocation Location) : Term(Location);

/// <summary>One <c>key: value</c> of an <see cref="ObjectTerm"/>.</summary>
internal readonly record struct ObjectTermMember(Term Key, Term Value);

/// <summary><c>[head | body]</c></summary>
internal sealed record ArrayComprehension(Term Head, Body Body, SourceLocation Location) : Term(Location);

/// <summary><c>{head | body}</c></summary>
internal sealed record SetComprehension(Term Head, Body Body, SourceLocation Location) : Term(Location);

/// <summary><c>{key: value | body}</c></summary>
internal sealed record ObjectComprehension(Term Key, Term Value, Body Body, SourceLocation Location) : Term(Location);

/// <summary>
/// A call. Operators are calls of the built-in behind them: <c>plus minus mul div rem and or equal neq lt lte gt gte eq assign internal.member_2
/// internal.member_3</c>. <see cref="Operator"/> is the name as a reference (var head with string operands).
/// </summary>
internal sealed record CallTerm(RefTerm Operator, IReadOnlyList<Term> Arguments, SourceLocation Location) : Term(Location)
{
    /// <summary>Whether it was written as an operator (<c>a + b</c>) and not as a call (<c>plus(a, b)</c>).</summary>
    public bool IsInfix { get; init; }

    /// <summary>Whether the compiler added the last argument, which takes the result.</summary>
    public bool HasOutput { get; init; }
}

/// <summary><c>$"text {expr}"</c>: parts are string scalars or expressions' terms.</summary>
internal sealed record TemplateTerm(IReadOnlyList<Term> Parts, SourceLocation Location) : Term(Location)
{
    public bool IsRaw { get; init; }
}
