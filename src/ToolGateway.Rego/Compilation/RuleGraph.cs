namespace ToolGateway.Rego.Compilation;

/// <summary>What every rule depends on.</summary>
internal sealed class RuleGraph
{
    private readonly Dictionary<RuleUnit, RuleTreeNode[]> _edges = [];

    public RuleGraph(CompilerState state)
    {
        foreach (var unit in state.Rules)
        {
            var dependencies = new Dependencies(state.Tree);
            dependencies.VisitRule(unit.Rule);
            _edges.Add(unit, [.. dependencies.Nodes]);
        }
    }

    public IReadOnlyList<RuleTreeNode> Of(RuleUnit unit) => _edges.TryGetValue(unit, out var edges) ? edges : [];

    /// <summary>Rules that depend on themselves, by way of others or directly. Tarjan's algorithm without recursion.</summary>
    public List<List<RuleUnit>> Cycles()
    {
        var search = new CycleSearch(this);
        foreach (var unit in _edges.Keys)
            search.From(unit);
        return search.Cycles;
    }

    private sealed class CycleSearch(RuleGraph graph)
    {
        private readonly Dictionary<RuleUnit, int> _order = [];
        private readonly Dictionary<RuleUnit, int> _low = [];
        private readonly HashSet<RuleUnit> _open = [];
        private readonly Stack<RuleUnit> _stack = [];

        public List<List<RuleUnit>> Cycles { get; } = [];

        public void From(RuleUnit start)
        {
            if (_order.ContainsKey(start))
                return;
            var path = new Stack<(RuleUnit Unit, IEnumerator<RuleUnit> Onward)>();
            path.Push(Enter(start));
            while (path.TryPeek(out var top))
            {
                if (top.Onward.MoveNext())
                {
                    var next = top.Onward.Current;
                    if (!_order.TryGetValue(next, out var order))
                        path.Push(Enter(next));
                    else if (_open.Contains(next))
                        _low[top.Unit] = Math.Min(_low[top.Unit], order);
                    continue;
                }

                path.Pop();
                if (path.TryPeek(out var parent))
                    _low[parent.Unit] = Math.Min(_low[parent.Unit], _low[top.Unit]);
                if (_low[top.Unit] == _order[top.Unit])
                    Close(top.Unit);
            }
        }

        private (RuleUnit Unit, IEnumerator<RuleUnit> Onward) Enter(RuleUnit unit)
        {
            _order[unit] = _low[unit] = _order.Count;
            _stack.Push(unit);
            _open.Add(unit);
            return (unit, graph.Of(unit).SelectMany(static node => node.Rules).GetEnumerator());
        }

        private void Close(RuleUnit root)
        {
            var members = new List<RuleUnit>();
            RuleUnit member;
            do
            {
                member = _stack.Pop();
                _open.Remove(member);
                members.Add(member);
            }
            while (member != root);
            if (members.Count > 1 || graph.Of(root).Any(node => node.Rules.Contains(root)))
                Cycles.Add(members);
        }
    }
}
