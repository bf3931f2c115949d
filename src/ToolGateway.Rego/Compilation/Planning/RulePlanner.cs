using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation.Planning;

/// <summary>A rule and what executes it.</summary>
internal sealed record PlannedRule(Rule Rule, RulePlan Plan);

/// <summary>Plans the rules of one document or function.</summary>
internal sealed class RulePlanner(PolicyPlanner policy)
{
    public List<PlannedRule> Plan(IReadOnlyList<RuleUnit> units, bool isFunction) =>
        [.. units.Select(unit => new PlannedRule(unit.Rule, PlanValueRule(unit.Rule, isFunction)))];

    public List<PlannedRule> PlanPartial(IReadOnlyList<RuleUnit> units, int depth) =>
        [.. units.Select(unit => new PlannedRule(unit.Rule, unit.Rule.IsDefault ? PlanValueRule(unit.Rule, isFunction: false) : PlanPartialRule(unit.Rule, depth)))];

    /// <summary>Whether all rules, else branches included, give one and the same constant.</summary>
    public static bool ShareConstant(List<PlannedRule> plans)
    {
        RegoValue? constant = null;
        foreach (var (rule, first) in plans)
        {
            if (rule.IsDefault)
                continue;
            for (var plan = first; plan is not null; plan = plan.Else)
            {
                if (plan.Constant is null || (constant is not null && !RegoOrder.Equal(constant, plan.Constant)))
                    return false;
                constant = plan.Constant;
            }
        }

        return constant is not null;
    }

    public static RegoValue[] ConstantPath(Rule rule, int depth) =>
        [.. rule.Head.Reference.Operands.Skip(depth).Select(static operand => TermFacts.TryConstant(operand, out var key) ? key : RegoNull.Value)];

    private RulePlan PlanValueRule(Rule rule, bool isFunction)
    {
        var planner = new BodyPlanner(policy);
        var parameters = planner.PlanParameters(rule.Head.Arguments ?? []);
        ValueExpression? value = null;
        var body = planner.PlanRule(rule, () =>
        {
            value = rule.Head.Value is null ? new ConstantValue(RegoBoolean.True) : planner.PlanValue(rule.Head.Value);
            return new ValueSink(value, isFunction, rule.Location);
        });
        return new RulePlan
        {
            Location = rule.Location,
            Body = body,
            Parameters = parameters,
            Slots = planner.Slots,
            State = planner.State,
            Constant = (value as ConstantValue)?.Value,
            Else = rule.Else is null ? null : PlanValueRule(rule.Else, isFunction),
        };
    }

    /// <summary>The rules with the key of one member given as if it were a parameter.</summary>
    public List<PlannedRule> PlanMembers(IReadOnlyList<RuleUnit> units, int depth) =>
    [
        .. units.Where(static unit => !unit.Rule.IsDefault)
            .Select(unit => new PlannedRule(unit.Rule, PlanPartialRule(unit.Rule, depth, [GivenKey(unit.Rule, depth)]))),
    ];

    /// <summary>The key as a parameter; where it cannot be matched before the body runs, any key will do and the lookup afterwards decides.</summary>
    private static Term GivenKey(Rule rule, int depth) =>
        MemberKey(rule, depth) is var key && CanMatch(key) ? key : new VarTerm(VarTerm.WildcardPrefix + "key", key.Location);

    private static bool CanMatch(Term term) => term switch
    {
        ScalarTerm or VarTerm => true,
        ArrayTerm array => array.Items.All(CanMatch),
        ObjectTerm map => map.Members.All(static member => TermFacts.TryConstant(member.Key, out _) && CanMatch(member.Value)),
        _ => TermFacts.TryConstant(term, out _),
    };

    public static Term MemberKey(Rule rule, int depth) =>
        rule.Head.Reference.Operands.Count > depth ? rule.Head.Reference.Operands[depth] : rule.Head.Key!;

    private RulePlan PlanPartialRule(Rule rule, int depth, IReadOnlyList<Term>? key = null)
    {
        var planner = new BodyPlanner(policy, reservedState: 1);
        var parameters = planner.PlanParameters(key ?? []);
        var body = planner.PlanRule(rule, () =>
        {
            ValueExpression[] path = [.. rule.Head.Reference.Operands.Skip(depth).Select(planner.PlanValue)];
            var leaf = rule.Head.Key ?? rule.Head.Value;
            var value = leaf is null ? new ConstantValue(RegoBoolean.True) : planner.PlanValue(leaf);
            return new PartialSink(path, value, rule.Head.Key is not null, rule.Location);
        });
        return new RulePlan
        {
            Location = rule.Location,
            Body = body,
            Parameters = parameters,
            Slots = planner.Slots,
            State = planner.State,
            Else = rule.Else is null ? null : PlanPartialRule(rule.Else, depth, key),
        };
    }
}
