using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation.Planning;

/// <summary>Builds the index of a document's rules from the equations with constants in their bodies.</summary>
internal static class IndexBuilder
{
    private const int LargestFanOut = 200_000;

    public static RuleIndex Build(List<PlannedRule> plans, PolicyPlanner policy)
    {
        var entries = new List<Entry>(plans.Count);
        foreach (var plan in plans)
        {
            if (!plan.Rule.IsDefault)
                entries.Add(new Entry(plan.Plan, IndexFacts.Of(plan.Rule, policy)));
        }

        return Build(entries, []);
    }

    /// <summary>As above for rules of a partial document whose first parameter is the key of a member.</summary>
    public static RuleIndex Build(List<PlannedRule> plans, PolicyPlanner policy, int depth)
    {
        var entries = new List<Entry>(plans.Count);
        foreach (var plan in plans)
        {
            var facts = IndexFacts.Of(plan.Rule, policy);
            if (TermFacts.TryConstant(RulePlanner.MemberKey(plan.Rule, depth), out var key))
                facts.TryAdd("arg0", new IndexFact("arg0", new IndexKey(0, null, []), key));
            entries.Add(new Entry(plan.Plan, facts));
        }

        return Build(entries, []);
    }

    private static RuleIndex Build(List<Entry> entries, HashSet<string> used)
    {
        if (entries.Count > 1 && BestKey(entries, used) is { } best)
            return Split(entries, best, [.. used, best]);
        return entries.Count == 0 ? RuleIndex.Empty : new RuleList([.. entries.Select(entry => entry.Plan)]);
    }

    private static string? BestKey(List<Entry> entries, HashSet<string> used)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var fact in entries.SelectMany(entry => entry.Facts.Values))
        {
            if (!used.Contains(fact.Name))
                counts[fact.Name] = counts.GetValueOrDefault(fact.Name) + 1;
        }

        var best = counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal).FirstOrDefault();
        if (best.Key is null)
            return null;
        var distinct = entries.Where(entry => entry.Facts.ContainsKey(best.Key)).Select(entry => entry.Facts[best.Key].Value).Distinct().Count();
        return (long)distinct * (entries.Count - best.Value + 1) <= LargestFanOut ? best.Key : null;
    }

    private static RuleSwitch Split(List<Entry> entries, string key, HashSet<string> used)
    {
        var open = new List<Entry>();
        var cases = new Dictionary<RegoValue, List<Entry>>();
        IndexKey? look = null;
        foreach (var entry in entries)
        {
            if (!entry.Facts.TryGetValue(key, out var fact))
            {
                // Rules that do not look at the key can hold in every case.
                foreach (var list in cases.Values)
                    list.Add(entry);
                open.Add(entry);
                continue;
            }

            look ??= fact.Key;
            if (!cases.TryGetValue(fact.Value, out var matching))
                cases.Add(fact.Value, matching = [.. open]);
            matching.Add(entry);
        }

        var built = new Dictionary<RegoValue, RuleIndex>(cases.Count);
        foreach (var (value, list) in cases)
            built.Add(value, Build(list, used));
        return new RuleSwitch(look!, built, Build(open, used));
    }

    private sealed record Entry(RulePlan Plan, Dictionary<string, IndexFact> Facts);
}

/// <summary>A rule can hold only if what <paramref name="Key"/> reads equals <paramref name="Value"/>.</summary>
internal sealed record IndexFact(string Name, IndexKey Key, RegoValue Value);

/// <summary>Finds in a rule's body what an index can use.</summary>
internal static class IndexFacts
{
    public static Dictionary<string, IndexFact> Of(Rule rule, PolicyPlanner policy)
    {
        var facts = new Dictionary<string, IndexFact>(StringComparer.Ordinal);
        if (rule.Else is not null)
            return facts;
        var parameters = rule.Head.Arguments ?? [];
        for (var i = 0; i < parameters.Count; i++)
        {
            if (TermFacts.TryConstant(parameters[i], out var value))
                Add(facts, $"arg{i}", new IndexKey(i, null, []), value);
        }

        foreach (var expression in rule.Body.Expressions)
        {
            if (expression.With.Count > 0 || !TermFacts.IsCall(expression, "eq", out var call))
                continue;
            if (TermFacts.TryConstant(call.Arguments[1], out var right))
                AddReference(facts, call.Arguments[0], parameters, right, policy);
            else if (TermFacts.TryConstant(call.Arguments[0], out var left))
                AddReference(facts, call.Arguments[1], parameters, left, policy);
        }

        return facts;
    }

    private static void AddReference(Dictionary<string, IndexFact> facts, Term term, IReadOnlyList<Term> parameters, RegoValue value, PolicyPlanner policy)
    {
        var (head, operands) = term is RefTerm reference ? (reference.Head, reference.Operands) : (term, []);
        if (head is not VarTerm { Name: var name })
            return;
        var path = new RegoValue[operands.Count];
        for (var i = 0; i < path.Length; i++)
        {
            if (!TermFacts.TryConstant(operands[i], out var key))
                return;
            path[i] = key;
        }

        var parameter = ParameterAt(parameters, name);
        if (parameter >= 0)
            Add(facts, $"arg{parameter}{RegoArray.Of(path).ToJson()}", new IndexKey(parameter, null, path), value);
        else if ((name == TermFacts.Input && path.Length > 0) || (name == TermFacts.Data && policy.Tree.Find(operands, out _) is null))
            Add(facts, $"{name}{RegoArray.Of(path).ToJson()}", new IndexKey(IndexKey.None, name == TermFacts.Input ? policy.InputFact(path) as InputFactValue : null, path), value);
    }

    private static int ParameterAt(IReadOnlyList<Term> parameters, string name)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            if (parameters[i] is VarTerm variable && variable.Name == name)
                return i;
        }

        return -1;
    }

    private static void Add(Dictionary<string, IndexFact> facts, string name, IndexKey key, RegoValue value) =>
        facts.TryAdd(name, new IndexFact(name, key, value));
}
