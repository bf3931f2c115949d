using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Syntax;

/// <summary>What <c>default</c> allows: a constant value (or a comprehension), and arguments that are distinct variables.</summary>
internal static class DefaultRules
{
    public static bool Check(RuleHead head, SourceLocation location, Action<SourceLocation, string> error)
    {
        if (head.Value is null)
        {
            error(location, "illegal default rule (must have a value)");
            return false;
        }

        if (Offending(head.Value) is { } term)
        {
            error(location, $"illegal default rule (value cannot contain {TermNames.Of(term)})");
            return false;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var argument in head.Arguments ?? [])
        {
            if (argument is not VarTerm name)
                error(location, $"illegal default rule (arguments cannot contain {TermNames.Of(argument)})");
            else if (!seen.Add(name.Name))
                error(location, $"illegal default rule (arguments cannot be repeated {name.Name})");
            else
                continue;
            return false;
        }

        return true;
    }

    private static Term? Offending(Term term) => term switch
    {
        ScalarTerm or ArrayComprehension or SetComprehension or ObjectComprehension => null,
        ArrayTerm array => First(array.Items),
        SetTerm set => First(set.Items),
        ObjectTerm map => First(map.Members.Select(member => member.Key)) ?? First(map.Members.Select(member => member.Value)),
        _ => term,
    };

    private static Term? First(IEnumerable<Term> terms) => terms.Select(Offending).FirstOrDefault(found => found is not null);
}
