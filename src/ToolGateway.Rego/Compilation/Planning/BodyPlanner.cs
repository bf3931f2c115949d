using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation.Planning;

/// <summary>Plans one rule body: which slot each variable has, and what is bound at each place, are known from here on.</summary>
internal sealed partial class BodyPlanner(PolicyPlanner policy, int reservedState = 0)
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private HashSet<string> _bound = new(StringComparer.Ordinal);
    private int _state = reservedState;
    private int _slotCount;

    public int Slots => _slotCount;

    public int State => _state;

    /// <summary>Declares the parameters of a function; those that are no plain variables come back as patterns.</summary>
    public Pattern?[] PlanParameters(IReadOnlyList<Term> arguments)
    {
        _slotCount = arguments.Count;
        var patterns = new Pattern?[arguments.Count];
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is VarTerm variable && _slots.TryAdd(variable.Name, i))
                _bound.Add(variable.Name);
        }

        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is not VarTerm variable || _slots[variable.Name] != i)
                patterns[i] = PlanPattern(arguments[i]);
        }

        return Array.TrueForAll(patterns, static pattern => pattern is null) ? [] : patterns;
    }

    /// <summary>Plans a body; the sink is made when the variables that it needs are bound.</summary>
    public Node Plan(Body body, Func<Node> sink)
    {
        var chain = new Chain();
        PlanBody(body, chain);
        chain.Append(sink());
        return chain.First!;
    }

    public int SlotOf(string name)
    {
        if (!_slots.TryGetValue(name, out var slot))
            _slots.Add(name, slot = _slotCount++);
        return slot;
    }

    public int TemporarySlot() => _slotCount++;

    public int NewState() => _state++;

    private void PlanBody(Body body, Chain chain, Rule? rule = null)
    {
        var expressions = body.Expressions;
        var users = _uses is null || policy.IsTraced ? null : new UserMap(expressions, _uses);
        for (var i = 0; i < expressions.Count; i++)
        {
            if (policy.IsTraced)
                PlanTraced(expressions, i, chain);
            else if (!TryInline(expressions, i, rule, users))
                PlanUntraced(expressions[i], chain);
        }
    }

    private void PlanUntraced(Expression expression, Chain chain)
    {
        if (expression.With.Count == 0)
        {
            PlanPlain(expression, chain);
            return;
        }

        var state = NewState();
        var targets = new WithTarget[expression.With.Count];
        var values = new ValueExpression?[expression.With.Count];
        for (var i = 0; i < targets.Length; i++)
            (targets[i], values[i]) = PlanModifier(expression.With[i]);
        var inner = new Chain();
        PlanPlain(expression, inner);
        var exit = new WithExitNode(state);
        inner.Append(exit);
        chain.Append(new WithNode(targets, values, inner.First!, state), exit);
    }

    private void PlanPlain(Expression expression, Chain chain)
    {
        switch (expression)
        {
            case TermExpression { Term: CallTerm call }:
                PlanCall(call, chain);
                break;
            case TermExpression { Term: RefTerm reference }:
                PlanReference(reference, static () => new TruePattern(), chain);
                break;
            case TermExpression term:
                chain.Append(new TestNode(PlanValue(term.Term)));
                break;
            case NotExpression not:
                var negated = PlanClosure(not.Body);
                chain.Append(negated is TestNode { Next: FoundSink } test ? new NotValueNode(test.Value) : new NotNode(negated));
                break;
            case EveryExpression every:
                PlanEvery(every, chain);
                break;
            case LogicExpression logic:
                chain.Append(new LogicNode(logic.IsOr, PlanClosure(logic.Left), PlanClosure(logic.Right)));
                break;
            default:
                throw new InvalidOperationException($"no plan for {expression.GetType().Name}");
        }
    }

    /// <summary>A body within the body: it sees the variables bound so far and binds none for what follows.</summary>
    private Node PlanClosure(Body body) => PlanClosure(body, static () => FoundSink.Instance);

    private Node PlanClosure(Body body, Func<Node> sink)
    {
        var outer = _bound;
        _bound = new HashSet<string>(outer, StringComparer.Ordinal);
        var node = Plan(body, sink);
        _bound = outer;
        return node;
    }

    private void PlanEvery(EveryExpression every, Chain chain)
    {
        var domain = PlanValue(every.Collection);
        var outer = _bound;
        _bound = new HashSet<string>(outer, StringComparer.Ordinal);
        var key = PlanPattern(every.Key!);
        var value = PlanPattern(every.Value);
        var body = PlanClosure(every.Body);
        _bound = outer;
        chain.Append(new EveryNode(domain, key, value, body));
    }

    private (WithTarget Target, ValueExpression? Value) PlanModifier(WithModifier with)
    {
        var target = (RefTerm)with.Target;
        if (policy.CallableAt(target) is { } callable)
        {
            var replacement = with.Value is FunctionTerm function ? policy.CallableAt(function.Operator) : null;
            return (new CallableTarget(callable, replacement), replacement is null ? PlanValue(with.Value) : null);
        }

        var path = new RegoValue[target.Operands.Count];
        for (var i = 0; i < path.Length; i++)
            path[i] = ((ScalarTerm)target.Operands[i]).Value;
        WithTarget document = TermFacts.IsInput(target) ? new InputTarget(path, with.Location) : new DataTarget(path, with.Location);
        return (document, PlanValue(with.Value));
    }
}
