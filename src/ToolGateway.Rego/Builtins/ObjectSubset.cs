using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>object.subset: objects member by member, sets by membership, arrays as a run within the other, and a set within an array.</summary>
internal static class ObjectSubset
{
    public static RegoValue? Evaluate(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        var result = (args[0], args[1]) switch
        {
            (RegoArray all, RegoSet part) => SetInArray(context, all, part),
            var (all, part) => Compare(context, all, part),
        };
        return result is { } found
            ? RegoBoolean.Of(found)
            : context.FailType("both arguments object.subset must be of the same type or array and set");
    }

    private static bool? Compare(BuiltinContext context, RegoValue all, RegoValue part) => (all, part) switch
    {
        (RegoObject a, RegoObject b) => Members(context, a, b),
        (RegoSet a, RegoSet b) => Elements(context, a, b),
        (RegoArray a, RegoArray b) => Run(context, a, b),
        _ => null,
    };

    private static bool Members(BuiltinContext context, RegoObject all, RegoObject part)
    {
        foreach (var (key, value) in part.Unordered)
        {
            context.Budget.Step();
            if (!all.TryGetValue(key, out var other) || (!RegoOrder.Equal(other, value) && Compare(context, other, value) != true))
                return false;
        }

        return true;
    }

    private static bool Elements(BuiltinContext context, RegoSet all, RegoSet part)
    {
        foreach (var item in part.Items)
        {
            context.Budget.Step();
            if (!all.Contains(item))
                return false;
        }

        return true;
    }

    private static bool Run(BuiltinContext context, RegoArray all, RegoArray part)
    {
        for (var start = 0; start <= all.Count - part.Count; start++)
        {
            var length = 0;
            while (length < part.Count && RegoOrder.Equal(all[start + length], part[length]))
            {
                context.Budget.Step();
                length++;
            }

            if (length == part.Count)
                return true;
            context.Budget.Step();
        }

        return false;
    }

    // As OPA counts: every element of the array that is in the set lowers the number still missing, repeated ones too; nothing is found in an empty array.
    private static bool SetInArray(BuiltinContext context, RegoArray all, RegoSet part)
    {
        var missing = part.Count;
        foreach (var item in all.Items)
        {
            context.Budget.Step();
            if (part.Contains(item))
                missing--;
            if (missing == 0)
                return true;
        }

        return false;
    }
}
