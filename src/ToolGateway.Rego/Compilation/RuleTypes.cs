using System.Runtime.CompilerServices;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Types;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation;

/// <summary>Types of rules and functions, inferred when first asked for. A rule that is being inferred is of any type.</summary>
internal sealed class RuleTypes(CompilerState state)
{
    private readonly HashSet<RuleUnit> _open = [];
    private readonly SchemaTypes _schemas = new(state);

    public CompilerState State { get; } = state;

    public void Check(RuleUnit unit)
    {
        if (unit.Type is not null || !_open.Add(unit))
            return;
        var schemas = _schemas.Of(unit);
        var type = Infer(unit, unit.Rule, schemas);
        for (var rule = unit.Rule.Else; rule is not null; rule = rule.Else)
            type = type.Or(Infer(unit, rule, schemas));
        _open.Remove(unit);
        unit.Type = type;
    }

    /// <summary>The type of the documents that the rules at a node make.</summary>
    public RegoType OfDocument(RuleTreeNode node)
    {
        if (node.DocumentType is { } known)
            return known;
        RegoType? type = null;
        if (node.Descendants().Any(below => below != node && below.Rules.Count > 0))
            type = RegoType.Any;
        foreach (var unit in node.Rules)
            type = TypeOps.Or(type, Of(unit).Document(node.Path.Length));
        if (node.Rules.TrueForAll(static unit => unit.Type is not null))
            node.DocumentType = type;
        return type ?? RegoType.Any;
    }

    /// <summary>Parameter and result types of a function, over all its definitions.</summary>
    public (IReadOnlyList<RegoType> Arguments, RegoType Result) OfFunction(RuleTreeNode node)
    {
        var type = node.Rules.Select(Of).Aggregate(static (a, b) => a.Or(b));
        return (type.Arguments ?? [], type.Value);
    }

    private RuleType Of(RuleUnit unit)
    {
        // A chain of ten thousand rules is no reason to die; what is not looked at fits everything.
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
            Check(unit);
        return unit.Type ?? RuleType.Unknown(unit.Rule.Head);
    }

    private RuleType Infer(RuleUnit unit, Rule rule, Dictionary<RegoArray, RegoType> schemas)
    {
        var scope = new TypeScope();
        var checker = new TypeChecker(this, schemas);
        checker.Check(rule.Body, scope);
        if (unit.IsQuery)
            return RuleType.Unknown(rule.Head);
        var head = rule.Head;
        var value = head.Key ?? head.Value;
        return new RuleType(
            [.. head.Reference.Operands.Select(operand => (operand, checker.TypeOf(operand, scope) ?? RegoType.Any))],
            head.Arguments is null ? null : [.. head.Arguments.Select(argument => TypeChecker.Known(checker.TypeOf(argument, scope)))],
            head.Key is not null,
            value is null ? RegoType.Boolean : TypeChecker.Known(checker.TypeOf(value, scope)));
    }
}
