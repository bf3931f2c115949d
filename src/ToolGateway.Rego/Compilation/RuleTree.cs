using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation;

/// <summary>Packages and rules by their path below <c>data</c>.</summary>
internal sealed class RuleTree
{
    public RuleTreeNode Root { get; } = new([]);

    /// <summary>The node at the constant keys of a reference, as far as they go; the rest of the operands is <c>operands - used</c>.</summary>
    public RuleTreeNode? Find(IReadOnlyList<Term> operands, out int used, bool stopAtRules = true)
    {
        var node = Root;
        for (used = 0; used < operands.Count; used++)
        {
            if (stopAtRules && node.Rules.Count > 0)
                return node;
            if (!TermFacts.TryConstant(operands[used], out var key))
                return node;
            if (node.Child(key) is not { } child)
                return null;
            node = child;
        }

        return node;
    }

    /// <summary>The definitions of a function by its absolute reference.</summary>
    public RuleTreeNode? Function(RefTerm reference)
    {
        if (!TermFacts.IsData(reference))
            return null;
        var node = Find(reference.Operands, out var used, stopAtRules: false);
        return node is { IsFunction: true } && used == reference.Operands.Count ? node : null;
    }
}

/// <summary>A place in the <see cref="RuleTree"/>.</summary>
internal sealed class RuleTreeNode(RegoValue[] path)
{
    private readonly Dictionary<RegoValue, RuleTreeNode> _children = [];

    public RegoValue[] Path { get; } = path;

    /// <summary>Rules whose constant keys end here.</summary>
    public List<RuleUnit> Rules { get; } = [];

    /// <summary>Modules of the package that this is.</summary>
    public List<ModuleUnit> Packages { get; } = [];

    public IReadOnlyCollection<RuleTreeNode> Children => _children.Values;

    public bool IsFunction => Rules.Count > 0 && Rules[0].Rule.Head.Arguments is not null;

    /// <summary>What the type checker found out about the document.</summary>
    public Types.RegoType? DocumentType { get; set; }

    public RuleTreeNode? Child(RegoValue key) => _children.GetValueOrDefault(key);

    public RuleTreeNode Add(RegoValue key)
    {
        if (!_children.TryGetValue(key, out var child))
            _children.Add(key, child = new RuleTreeNode([.. Path, key]));
        return child;
    }

    /// <summary>This node and everything below.</summary>
    public IEnumerable<RuleTreeNode> Descendants()
    {
        var open = new Stack<RuleTreeNode>();
        open.Push(this);
        while (open.TryPop(out var node))
        {
            yield return node;
            foreach (var child in node._children.Values)
                open.Push(child);
        }
    }
}
