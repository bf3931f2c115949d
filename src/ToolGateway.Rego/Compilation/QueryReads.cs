using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation;

/// <summary>What a query can read of its input, and which built-ins it can reach, by way of all rules that it can reach.</summary>
internal sealed class QueryReads : SyntaxWalker
{
    private readonly CompilerState _state;
    private readonly SortedSet<string> _paths = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _unsteady = new(StringComparer.Ordinal);

    public QueryReads(RegoPolicy policy, RuleUnit query)
    {
        _state = policy.State;
        var rules = Reachable(query);
        VisitRule(query.Rule);
        foreach (var unit in rules)
            VisitRule(unit.Rule);
    }

    /// <summary>JSON pointers of the input paths; what lies below a path is read with it. The empty pointer is the whole input.</summary>
    public IReadOnlyList<string> InputPaths => [.. _paths.Where(path => !_paths.Any(other => IsAbove(other, path)))];

    /// <summary>Built-ins whose results can differ between evaluations with the same input.</summary>
    public IReadOnlyList<string> Nondeterministic => [.. _unsteady];

    protected override void VisitReference(RefTerm reference)
    {
        base.VisitReference(reference);
        if (!TermFacts.IsInput(reference))
            return;
        var pointer = new System.Text.StringBuilder();
        foreach (var operand in reference.Operands)
        {
            if (operand is not ScalarTerm { Value: RegoString key })
                break;
            pointer.Append('/').Append(key.Value.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
        }

        _paths.Add(pointer.ToString());
    }

    protected override void VisitCall(CallTerm call)
    {
        base.VisitCall(call);
        Note(call.Operator);
    }

    protected override void VisitModifier(WithModifier with)
    {
        base.VisitModifier(with);
        if (with.Value is FunctionTerm function)
            Note(function.Operator);
    }

    private static bool IsAbove(string other, string path) =>
        other.Length < path.Length && path.StartsWith(other, StringComparison.Ordinal) && path[other.Length] == '/';

    private void Note(RefTerm reference)
    {
        if (TermFacts.IsData(reference))
            return;
        var builtin = Functions.Find(_state, new CallTerm(reference, [], reference.Location));
        if (builtin is not null && builtin.Traits.HasFlag(BuiltinTraits.Nondeterministic))
            _unsteady.Add(builtin.Name);
    }

    private HashSet<RuleUnit> Reachable(RuleUnit query)
    {
        var found = new HashSet<RuleUnit>();
        var open = new Queue<RuleTreeNode>(NodesOf(query));
        var seen = new HashSet<RuleTreeNode>(open);
        while (open.TryDequeue(out var node))
        {
            foreach (var unit in WithinDocument(node).SelectMany(static part => part.Rules))
            {
                if (!found.Add(unit))
                    continue;
                foreach (var next in _state.Graph!.Of(unit))
                {
                    if (seen.Add(next))
                        open.Enqueue(next);
                }
            }
        }

        return found;
    }

    private HashSet<RuleTreeNode> NodesOf(RuleUnit query)
    {
        var dependencies = new Dependencies(_state.Tree);
        dependencies.VisitRule(query.Rule);
        return dependencies.Nodes;
    }

    /// <summary>Rules with variables in their names are evaluated together with all rules below the same place.</summary>
    private static IEnumerable<RuleTreeNode> WithinDocument(RuleTreeNode node) =>
        node.Rules.Exists(unit => unit.Rule.Head.Reference.Operands.Count > node.Path.Length) ? node.Descendants() : [node];
}
