using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>Every variable must be bound by something; bodies are put in an order in which it is.</summary>
internal static class CheckSafety
{
    public static void Run(CompilerState state)
    {
        var outputs = new OutputVariables(call => Functions.Arity(state, call));
        foreach (var unit in state.OpenRules)
            unit.Rule = Check(state, unit, unit.Rule, outputs);
    }

    private static Rule Check(CompilerState state, RuleUnit unit, Rule rule, OutputVariables outputs)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var argument in rule.Head.Arguments ?? [])
            known.UnionWith(VariableSets.Of(argument));
        var safety = new BodySafety(outputs);
        var body = safety.Reorder(rule.Body, known);
        if (!unit.IsQuery)
        {
            known.UnionWith(VariableSets.Of(rule.Body));
            CheckHead(state, rule.Head, known);
        }

        var named = safety.Unsafe.FindAll(static variable => LocalNames.Original(variable.Name)[0] != '@');
        foreach (var (name, location) in named.Count > 0 ? named : safety.Unsafe)
            Report(state, name, location);
        return rule with { Body = body, Else = rule.Else is null ? null : Check(state, unit, rule.Else, outputs) };
    }

    private static void CheckHead(CompilerState state, RuleHead head, HashSet<string> known)
    {
        var places = new Dictionary<string, VarTerm>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operand in head.Reference.Operands)
            names.UnionWith(VariableSets.Of(operand, places));
        if (head.Key is not null)
            names.UnionWith(VariableSets.Of(head.Key, places));
        if (head.Value is not null)
            names.UnionWith(VariableSets.Of(head.Value, places));
        foreach (var name in names)
        {
            if (!known.Contains(name))
                Report(state, name, places[name].Location);
        }
    }

    /// <summary>Generated variables stand for expressions: those that are unsafe because of a variable of the author's are not shown beside it.</summary>
    private static void Report(CompilerState state, string name, SourceLocation location) =>
        state.Error(
            RegoErrorCodes.UnsafeVar,
            LocalNames.Original(name)[0] == '@' ? "expression is unsafe" : $"var {LocalNames.Original(name)} is unsafe",
            location);
}
