using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation;

/// <summary>Works out which variables become bound when two terms are unified: those in <paramref name="safe"/> are, others are added.</summary>
internal sealed class UnificationSafety(HashSet<string> safe, HashSet<string> added)
{
    private readonly List<(Term Left, Term Right)> _open = [];

    public void Unify(Term left, Term right)
    {
        Split(left, right);
        bool changed;
        do
        {
            changed = false;
            for (var i = _open.Count - 1; i >= 0; i--)
            {
                var (a, b) = _open[i];
                if (!Settle(a, b) && !Settle(b, a))
                    continue;
                _open.RemoveAt(i);
                changed = true;
            }
        }
        while (changed);
    }

    private void Split(Term left, Term right)
    {
        switch (left, right)
        {
            case (ArrayTerm a, ArrayTerm b) when a.Items.Count == b.Items.Count:
                for (var i = 0; i < a.Items.Count; i++)
                    Split(a.Items[i], b.Items[i]);
                break;
            case (ArrayTerm, ArrayTerm):
                break;
            case (ObjectTerm a, ObjectTerm b) when HasConstantKeys(a) && HasConstantKeys(b):
                SplitMembers(a, b);
                break;
            default:
                _open.Add((left, right));
                break;
        }
    }

    private static bool HasConstantKeys(ObjectTerm map) => map.Members.All(static member => TermFacts.TryConstant(member.Key, out _));

    private void SplitMembers(ObjectTerm left, ObjectTerm right)
    {
        var members = new Dictionary<RegoValue, Term>();
        foreach (var (key, value) in right.Members)
        {
            if (TermFacts.TryConstant(key, out var constant))
                members[constant] = value;
        }

        foreach (var (key, value) in left.Members)
        {
            if (TermFacts.TryConstant(key, out var constant) && members.TryGetValue(constant, out var other))
                Split(value, other);
        }
    }

    /// <summary>When every variable of <paramref name="source"/> is bound, those that <paramref name="pattern"/> matches become bound.</summary>
    private bool Settle(Term source, Term pattern)
    {
        if (!IsSafe(source))
            return false;
        if (pattern is VarTerm or ArrayTerm or ObjectTerm && KeysAreSafe(pattern))
            VariableSets.Pattern(pattern, added);
        return true;
    }

    private bool IsSafe(Term term)
    {
        foreach (var name in VariableSets.Of(term))
        {
            if (!safe.Contains(name) && !added.Contains(name))
                return false;
        }

        return true;
    }

    private bool KeysAreSafe(Term pattern) => pattern switch
    {
        ObjectTerm map => map.Members.All(member => IsSafe(member.Key) && KeysAreSafe(member.Value)),
        ArrayTerm array => array.Items.All(KeysAreSafe),
        _ => true,
    };
}
