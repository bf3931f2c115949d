using System.Diagnostics.CodeAnalysis;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation;

/// <summary>Questions that passes ask about terms.</summary>
internal static class TermFacts
{
    public const string Data = "data";
    public const string Input = "input";

    public static bool IsRoot(string name) => name is Data or Input;

    public static bool IsRooted(Term term) => term is RefTerm { Head: VarTerm head } && IsRoot(head.Name);

    public static bool IsData(RefTerm reference) => reference.Head is VarTerm { Name: Data };

    public static bool IsInput(RefTerm reference) => reference.Head is VarTerm { Name: Input };

    /// <summary>Whether evaluating the term means looking something up or computing it.</summary>
    public static bool NeedsEvaluation(Term term) => term switch
    {
        ScalarTerm or VarTerm or FunctionTerm => false,
        ArrayTerm array => array.Items.Any(NeedsEvaluation),
        SetTerm set => set.Items.Any(NeedsEvaluation),
        ObjectTerm map => map.Members.Any(member => NeedsEvaluation(member.Key) || NeedsEvaluation(member.Value)),
        _ => true,
    };

    /// <summary>The value of a term that has no variables and needs no evaluation.</summary>
    public static bool TryConstant(Term term, [NotNullWhen(true)] out RegoValue? value)
    {
        value = term switch
        {
            ScalarTerm scalar => scalar.Value,
            ArrayTerm array => Constants(array.Items) is { } items ? RegoArray.Adopt(items) : null,
            SetTerm set => Constants(set.Items) is { } elements ? RegoSet.From(elements) : null,
            ObjectTerm map => ConstantObject(map),
            _ => null,
        };
        return value is not null;
    }

    /// <summary>The name of a called function: <c>io.jwt.decode</c>, <c>data.a.f</c>.</summary>
    public static string OperatorName(CallTerm call)
    {
        var head = ((VarTerm)call.Operator.Head).Name;
        if (call.Operator.Operands.Count == 0)
            return head;
        return call.Operator.Operands.All(static operand => operand is ScalarTerm { Value: RegoString })
            ? string.Join('.', call.Operator.Operands.Select(static operand => ((RegoString)((ScalarTerm)operand).Value).Value).Prepend(head))
            : TermText.Of(call.Operator);
    }

    /// <summary>The call that an expression is, when its operator is <paramref name="name"/>.</summary>
    public static bool IsCall(Expression expression, string name, [NotNullWhen(true)] out CallTerm? call)
    {
        call = expression is TermExpression { Term: CallTerm { Operator.Head: VarTerm head } found } && head.Name == name && found.Operator.Operands.Count == 0
            ? found : null;
        return call is not null;
    }

    public static CallTerm Call(string name, Text.SourceLocation location, params Term[] arguments) =>
        new(OperatorReference(name, location), arguments, location);

    public static TermExpression Unify(Term left, Term right, Text.SourceLocation location) => new(Call("eq", location, left, right), location);

    private static RefTerm OperatorReference(string name, Text.SourceLocation location)
    {
        if (!name.Contains('.', StringComparison.Ordinal))
            return new RefTerm(new VarTerm(name, location), [], location);
        var parts = name.Split('.');
        return new RefTerm(new VarTerm(parts[0], location), [.. parts.Skip(1).Select(part => new ScalarTerm(new RegoString(part), location))], location);
    }

    private static RegoValue[]? Constants(IReadOnlyList<Term> terms)
    {
        var values = new RegoValue[terms.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (!TryConstant(terms[i], out var value))
                return null;
            values[i] = value;
        }

        return values;
    }

    private static RegoObject? ConstantObject(ObjectTerm map)
    {
        var builder = new RegoObjectBuilder();
        foreach (var (key, value) in map.Members)
        {
            if (!TryConstant(key, out var k) || !TryConstant(value, out var v))
                return null;
            builder.Set(k, v);
        }

        return builder.ToObject();
    }
}
