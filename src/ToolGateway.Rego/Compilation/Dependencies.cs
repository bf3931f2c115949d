using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>Which rules a part of a tree can read or call.</summary>
internal sealed class Dependencies(RuleTree tree) : SyntaxWalker
{
    public HashSet<RuleTreeNode> Nodes { get; } = [];

    protected override void VisitReference(RefTerm reference)
    {
        base.VisitReference(reference);
        if (TermFacts.IsData(reference))
            Collect(tree.Root, reference.Operands, 0);
    }

    protected override void VisitCall(CallTerm call)
    {
        base.VisitCall(call);
        if (tree.Function(call.Operator) is { } function)
            Nodes.Add(function);
    }

    protected override void VisitModifier(WithModifier with)
    {
        base.VisitModifier(with);
        if (with.Value is FunctionTerm function && tree.Function(function.Operator) is { } node)
            Nodes.Add(node);
    }

    private void Collect(RuleTreeNode node, IReadOnlyList<Term> operands, int at)
    {
        if (at == operands.Count)
        {
            foreach (var below in node.Descendants())
                Add(below);
        }
        else if (TermFacts.TryConstant(operands[at], out var key))
        {
            if (node.Child(key) is not { } child)
                return;
            Add(child);
            Collect(child, operands, at + 1);
        }
        else
        {
            foreach (var child in node.Children)
            {
                Add(child);
                Collect(child, operands, at + 1);
            }
        }
    }

    private void Add(RuleTreeNode node)
    {
        if (node.Rules.Count > 0 && !node.IsFunction)
            Nodes.Add(node);
    }
}
