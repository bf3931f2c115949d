using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation.Planning;

internal sealed partial class BodyPlanner
{
    private void PlanUnification(CallTerm call, Chain chain)
    {
        var open = new List<(Term Left, Term Right)>();
        Split(call.Arguments[0], call.Arguments[1], open, chain);
        while (open.Count > 0)
        {
            var settled = open.FindIndex(pair => PlanPair(pair.Left, pair.Right, chain) || PlanPair(pair.Right, pair.Left, chain));
            if (settled < 0)
                throw new InvalidOperationException($"no order of unification at {call.Location}");
            open.RemoveAt(settled);
        }
    }

    private static void Split(Term left, Term right, List<(Term Left, Term Right)> open, Chain chain)
    {
        switch (left, right)
        {
            case (ArrayTerm a, ArrayTerm b) when a.Items.Count == b.Items.Count:
                for (var i = 0; i < a.Items.Count; i++)
                    Split(a.Items[i], b.Items[i], open, chain);
                break;
            case (ObjectTerm a, ObjectTerm b) when HasConstantKeys(a) && HasConstantKeys(b):
                SplitMembers(a, b, open, chain);
                break;
            default:
                open.Add((left, right));
                break;
        }
    }

    private static void SplitMembers(ObjectTerm left, ObjectTerm right, List<(Term Left, Term Right)> open, Chain chain)
    {
        var members = new Dictionary<RegoValue, Term>();
        foreach (var (key, value) in right.Members)
        {
            TermFacts.TryConstant(key, out var constant);
            members[constant!] = value;
        }

        foreach (var (key, value) in left.Members)
        {
            TermFacts.TryConstant(key, out var constant);
            if (members.Remove(constant!, out var other))
                Split(value, other, open, chain);
            else
                members.Clear();
        }

        if (members.Count > 0 || left.Members.Count != right.Members.Count)
            chain.Append(new FailNode());
    }

    private static bool HasConstantKeys(ObjectTerm map) => map.Members.All(static member => TermFacts.TryConstant(member.Key, out _));

    /// <summary>Plans <c>left = right</c> when that needs the value of <paramref name="left"/> only.</summary>
    private bool PlanPair(Term left, Term right, Chain chain)
    {
        if (!IsBound(left))
            return left is RefTerm reference && PlanGenerator(reference, right, chain);
        if (right is VarTerm { IsWildcard: false } variable && !_bound.Contains(variable.Name))
        {
            var value = PlanValue(left);
            _bound.Add(variable.Name);
            chain.Append(new BindNode(SlotOf(variable.Name), value));
            return true;
        }

        if (IsBound(right))
            chain.Append(new EqualNode(PlanValue(left), PlanValue(right)));
        else if (IsPattern(right))
            chain.Append(new MatchNode(PlanValue(left), PlanPattern(right)));
        else
            return false;
        return true;
    }

    private bool PlanGenerator(RefTerm reference, Term right, Chain chain)
    {
        if (!TermFacts.IsRooted(reference) && !IsBound(reference.Head))
            return false;
        if (right is RefTerm other && !IsBound(other))
        {
            // Two references with free variables: one after the other, compared by value.
            var slot = TemporarySlot();
            PlanReference(reference, () => new BindPattern(slot), chain);
            PlanReference(other, () => new EqualPattern(new SlotValue(slot)), chain);
            return true;
        }

        // Variables that the reference binds may be what the other side still lacks.
        var known = _bound;
        _bound = new HashSet<string>(known, StringComparer.Ordinal);
        foreach (var operand in reference.Operands)
            VariableSets.Pattern(operand, _bound);
        var fits = IsPattern(right);
        _bound = known;
        if (fits)
            PlanReference(reference, () => PlanPattern(right), chain);
        return fits;
    }
}
