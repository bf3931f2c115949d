using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation.Planning;

internal sealed partial class BodyPlanner
{
    /// <summary>Whether every variable of the term is bound here, so that it has at most one value.</summary>
    private bool IsBound(Term term) => term switch
    {
        ScalarTerm => true,
        VarTerm variable => _bound.Contains(variable.Name),
        RefTerm reference => (TermFacts.IsRooted(reference) || IsBound(reference.Head)) && reference.Operands.All(IsBound),
        ArrayTerm array => array.Items.All(IsBound),
        SetTerm set => set.Items.All(IsBound),
        ObjectTerm map => map.Members.All(member => IsBound(member.Key) && IsBound(member.Value)),
        CallTerm call => call.Arguments.All(IsBound),
        _ => true,
    };

    /// <summary>A term whose variables are all bound.</summary>
    public ValueExpression PlanValue(Term term)
    {
        if (TermFacts.TryConstant(term, out var constant))
            return new ConstantValue(policy.Intern(constant));
        switch (term)
        {
            case VarTerm variable:
                return _inlined.TryGetValue(variable.Name, out var inlined) ? inlined : new SlotValue(SlotOf(variable.Name));
            case RefTerm reference:
                return PlanReferenceValue(reference);
            case ArrayTerm array:
                return new ArrayValue(PlanValues(array.Items));
            case SetTerm set:
                return new SetValue(PlanValues(set.Items));
            case ObjectTerm map:
                return PlanObject(map);
            case CallTerm call:
                return new CallValue(policy.Callable(call), PlanValues(call.Arguments), call.Location);
            default:
                return policy.CanRemember && ClosedTerms.IsClosed(term, _bound) ? policy.Remember(PlanComprehension(term)) : PlanComprehension(term);
        }
    }

    /// <summary>What a value must look like; binds the variables of the term that are free.</summary>
    private Pattern PlanPattern(Term term)
    {
        switch (term)
        {
            case VarTerm { IsWildcard: true }:
                return new AnyPattern();
            case VarTerm variable when _bound.Add(variable.Name):
                return new BindPattern(SlotOf(variable.Name));
            case ArrayTerm array when !IsBound(array):
                return new ArrayPattern([.. array.Items.Select(PlanPattern)]);
            case ObjectTerm map when !IsBound(map):
                var keys = map.Members.Select(member => PlanValue(member.Key)).ToArray();
                return new ObjectPattern(keys, [.. map.Members.Select(member => PlanPattern(member.Value))]);
            default:
                return new EqualPattern(PlanValue(term));
        }
    }

    private bool IsPattern(Term term) => term switch
    {
        VarTerm => true,
        ArrayTerm array => array.Items.All(IsPattern),
        ObjectTerm map => map.Members.All(member => IsBound(member.Key) && IsPattern(member.Value)),
        _ => IsBound(term),
    };

    private ValueExpression[] PlanValues(IReadOnlyList<Term> terms)
    {
        var values = new ValueExpression[terms.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = PlanValue(terms[i]);
        return values;
    }

    private ValueExpression PlanObject(ObjectTerm map)
    {
        var keys = new List<KeyValuePair<RegoValue, ValueExpression>>(map.Members.Count);
        var distinct = new HashSet<RegoValue>();
        foreach (var (key, value) in map.Members)
        {
            if (!TermFacts.TryConstant(key, out var constant) || !distinct.Add(constant))
                return new ObjectValue(PlanValues([.. map.Members.Select(m => m.Key)]), PlanValues([.. map.Members.Select(m => m.Value)]));
            keys.Add(new(policy.Intern(constant), PlanValue(value)));
        }

        keys.Sort(static (a, b) => RegoOrder.Compare(a.Key, b.Key));
        return new RecordValue([.. keys.Select(pair => pair.Key)], [.. keys.Select(pair => pair.Value)]);
    }

    private ValueExpression PlanComprehension(Term term)
    {
        var state = NewState();
        return term switch
        {
            ArrayComprehension array =>
                new ArrayComprehensionValue(state, PlanClosure(array.Body, () => new ItemSink(state, PlanValue(array.Head)))),
            SetComprehension set =>
                new SetComprehensionValue(state, PlanClosure(set.Body, () => new ElementSink(state, PlanValue(set.Head)))),
            ObjectComprehension map => new ObjectComprehensionValue(
                state, PlanClosure(map.Body, () => new MemberSink(state, PlanValue(map.Key), PlanValue(map.Value), map.Location))),
            _ => throw new InvalidOperationException($"no plan for {term.GetType().Name}"),
        };
    }
}
