using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation.Planning;

/// <summary>Plans all rules: first the documents that they define, so that references find them, then what computes each.</summary>
internal sealed class PolicyPlanner(CompilerState state, bool isTraced)
{
    private readonly Dictionary<RegoValue, RegoValue> _interned = [];
    private readonly Dictionary<RegoValue, InputFactValue> _facts = [];
    private readonly Dictionary<string, BuiltinCallable> _builtins = new(StringComparer.Ordinal);
    private readonly Dictionary<RuleTreeNode, FunctionDocument> _functions = [];
    private readonly Dictionary<PartialDocument, Action> _members = [];
    private readonly List<Action> _open = [];
    private bool _isComplete;

    public DocumentNode Root { get; } = new([]);

    public RuleTree Tree => state.Tree;

    /// <summary>Number of documents and input facts, each with its place in the memo.</summary>
    public int Documents { get; private set; }

    /// <summary>Whether plans tell a trace sink what they do.</summary>
    public bool IsTraced { get; } = isTraced;

    public static PolicyPlanner Create(CompilerState state, bool isTraced)
    {
        var planner = new PolicyPlanner(state, isTraced);
        planner.PlanTree();
        planner._isComplete = true;
        return planner;
    }

    /// <summary>A path in the input. Queries, which are planned later, share what rules look up.</summary>
    public ValueExpression InputFact(RegoValue[] keys)
    {
        var path = RegoArray.Adopt(keys);
        if (_facts.TryGetValue(path, out var fact))
            return fact;
        if (_isComplete)
            return new InputPathValue(keys);
        var parent = keys.Length > 1 ? InputFact(keys[..^1]) as InputFactValue : null;
        fact = new InputFactValue(Documents++, parent, keys[^1]);
        _facts.Add(path, fact);
        return fact;
    }

    private void PlanTree()
    {
        PlanNode(state.Tree.Root, Root);
        for (var i = 0; i < _open.Count; i++)
            _open[i]();
    }

    /// <summary>Asks for a plan by which single members of a document can be computed.</summary>
    public void WantMembers(PartialDocument document)
    {
        if (!_isComplete && _members.Remove(document, out var plan))
            _open.Add(plan);
    }

    /// <summary>Whether values of closed terms get a place in the memo: not in queries, which are planned later, nor in traces, which show every step.</summary>
    public bool CanRemember => !_isComplete && !IsTraced;

    public ValueExpression Remember(ValueExpression closed) => new RememberedValue(Documents++, closed);

    /// <summary>One object for equal constants, so that comparing them is comparing references.</summary>
    public RegoValue Intern(RegoValue value)
    {
        if (value is RegoString text)
            return SharedText.Of(text);
        if (_interned.TryGetValue(value, out var known))
            return known.ToJson() == value.ToJson() ? known : value;
        if (!_isComplete)
            _interned.Add(value, value);
        return value;
    }

    public ICallable Callable(CallTerm call) =>
        CallableAt(call.Operator) ?? throw new InvalidOperationException($"no function {TermFacts.OperatorName(call)} at {call.Location}");

    public int ArityOf(CallTerm call) => Functions.Arity(state, call)!.Value;

    /// <summary>The function or built-in that a reference names, or null.</summary>
    public ICallable? CallableAt(Term term)
    {
        var reference = term as RefTerm ?? new RefTerm(term, [], term.Location);
        if (TermFacts.IsData(reference))
            return state.Tree.Function(reference) is { } node ? _functions.GetValueOrDefault(node) : null;
        if (reference.Head is not VarTerm || TermFacts.IsInput(reference))
            return null;
        var name = TermFacts.OperatorName(new CallTerm(reference, [], term.Location));
        if (!state.Builtins.TryGetValue(name, out var builtin))
            return null;
        if (!_builtins.TryGetValue(name, out var callable))
        {
            callable = new BuiltinCallable(builtin);
            if (!_isComplete)
                _builtins.Add(name, callable);
        }

        return callable;
    }

    private void PlanNode(RuleTreeNode source, DocumentNode target)
    {
        if (source.Rules.Count > 0)
        {
            if (source.IsFunction)
                PlanFunction(source, target);
            else if (source.Rules.Exists(unit => IsPartial(unit, source)))
            {
                PlanPartial(source, target);
                return;
            }
            else
                PlanComplete(source, target);
        }

        foreach (var child in source.Children)
            PlanNode(child, target.Add(Intern(child.Path[^1])));
    }

    private static bool IsPartial(RuleUnit unit, RuleTreeNode node) =>
        unit.Rule.Head.Key is not null || unit.Rule.Head.Reference.Operands.Count > node.Path.Length;

    private void PlanFunction(RuleTreeNode source, DocumentNode target)
    {
        var function = new FunctionDocument(Documents++);
        _functions[source] = function;
        target.IsFunction = true;
        _open.Add(() =>
        {
            var rules = new RulePlanner(this);
            var plans = rules.Plan(source.Rules, isFunction: true);
            function.Rules = IndexBuilder.Build(plans, this);
            function.Default = plans.Find(plan => plan.Rule.IsDefault)?.Plan;
            function.IsDecidedByFirst = RulePlanner.ShareConstant(plans);
        });
    }

    private void PlanComplete(RuleTreeNode source, DocumentNode target)
    {
        var document = new CompleteDocument(Documents++);
        target.Document = document;
        _open.Add(() =>
        {
            var plans = new RulePlanner(this).Plan(source.Rules, isFunction: false);
            document.Rules = IndexBuilder.Build(plans, this);
            document.Default = plans.Find(plan => plan.Rule.IsDefault)?.Plan;
            document.IsDecidedByFirst = RulePlanner.ShareConstant(plans);
        });
    }

    private void PlanPartial(RuleTreeNode source, DocumentNode target)
    {
        var units = source.Descendants().SelectMany(static node => node.Rules).Where(unit => unit.Rule.Head.Arguments is null).ToList();
        var depth = source.Path.Length;
        var isSet = source.Rules.Exists(unit => unit.Rule.Head.Key is not null && unit.Rule.Head.Reference.Operands.Count == depth);
        var document = new PartialDocument(Documents++, isSet);
        target.Document = document;
        foreach (var child in source.Children)
            PlanFunctionsBelow(child);
        _members.Add(document, () =>
            document.MemberRules = IndexBuilder.Build(new RulePlanner(this).PlanMembers(units, depth), this, depth));
        _open.Add(() =>
        {
            var plans = new RulePlanner(this).PlanPartial(units, depth);
            document.Rules = IndexBuilder.Build(plans, this);
            foreach (var plan in plans.Where(static plan => plan.Rule.IsDefault))
                document.Defaults.Add((RulePlanner.ConstantPath(plan.Rule, depth), plan.Plan));
        });
    }

    private void PlanFunctionsBelow(RuleTreeNode source)
    {
        foreach (var node in source.Descendants())
        {
            if (node.IsFunction)
                PlanFunction(node, new DocumentNode(node.Path));
        }
    }
}
