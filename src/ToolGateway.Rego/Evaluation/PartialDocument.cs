using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>Rules that together make a set or an object.</summary>
internal sealed class PartialDocument(int id, bool isSet) : VirtualDocument(id)
{
    /// <summary>After so many members have been asked for one by one, the whole is cheaper.</summary>
    private const int FewMembers = 16;

    public RuleIndex Rules { get; set; } = RuleIndex.Empty;

    /// <summary>The same rules with the member's key given in slot 0; null when nothing in the policy asks for single members.</summary>
    public RuleIndex? MemberRules { get; set; }

    public bool IsSet { get; } = isSet;

    /// <summary>Defaults of rules at constant keys within the document.</summary>
    public List<(RegoValue[] Path, RulePlan Rule)> Defaults { get; } = [];

    public override RegoValue? EvaluateMember(EvaluationContext context, RegoValue key)
    {
        var memo = context.Memo;
        if (memo.TryGet(Id, out var whole))
            return whole is null ? null : Lookup.Member(whole, key);
        if (memo.TryGetMember(Id, key, out var member))
            return member;
        if (MemberRules is null || memo.MemberCount(Id) >= FewMembers)
            return base.EvaluateMember(context, key);
        member = Lookup.Member(Build(context, MemberRules, [key]), key);
        memo.SetMember(Id, key, member);
        return member;
    }

    protected override RegoValue? Compute(EvaluationContext context) => Build(context, Rules, []);

    private RegoValue Build(EvaluationContext context, RuleIndex index, ReadOnlySpan<RegoValue> key)
    {
        var builder = context.RentBuilder(IsSet);
        foreach (var rule in index.Select(context, key))
            rule.Collect(context, builder, key);
        foreach (var (path, rule) in Defaults)
        {
            if (rule.Evaluate(context, []) is { } value)
                builder.SetDefault(path, value);
        }

        var document = builder.ToValue();
        context.Return(builder);
        return document;
    }
}
