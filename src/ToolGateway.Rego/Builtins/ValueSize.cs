using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>
/// Counts what writing a value will cost before it is written. Values share parts, so a small one can have an enormous text: every occurrence is counted.
/// </summary>
internal static class ValueSize
{
    public static void Spend(BuiltinContext context, RegoValue value)
    {
        context.Budget.Step();
        switch (value)
        {
            case RegoString text:
                context.SpendText(text.Value.Length);
                break;
            case RegoNumber { IsInt64: false } number:
                context.SpendText(number.ToText().Length);
                break;
            case RegoArray array:
                Spend(context, array.Items);
                break;
            case RegoSet set:
                Spend(context, set.Items);
                break;
            case RegoObject map:
                foreach (var (key, member) in map.Unordered)
                {
                    Spend(context, key);
                    Spend(context, member);
                }

                break;
            default:
                context.Budget.Charge(16);
                break;
        }
    }

    private static void Spend(BuiltinContext context, ReadOnlySpan<RegoValue> items)
    {
        foreach (var item in items)
            Spend(context, item);
    }
}
