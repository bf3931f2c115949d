using ToolGateway.Rego.Builtins.Format;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>sprintf, with the verbs and flags of Go's <c>fmt</c>.</summary>
internal static class Sprintf
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("sprintf(format:string, values:array[any]) -> string", Evaluate),
    ];

    private static RegoString? Evaluate(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var format) || !context.TryGetArray(args, 2, out var values))
            return null;
        context.Spend(values.Count, 32);
        var operands = new GoOperand[values.Count];
        for (var i = 0; i < operands.Length; i++)
            operands[i] = Operand(context, values[i]);
        var printer = new GoPrinter(context, operands);
        printer.Print(format);
        return RegoString.Of(printer.ToString());
    }

    // Collections, booleans and null are printed as their Rego text.
    private static GoOperand Operand(BuiltinContext context, RegoValue value)
    {
        if (value is RegoString text)
            return new GoOperand(text.Value);
        if (value is not RegoNumber number)
        {
            var term = value.ToString();
            context.SpendText(term.Length);
            return new GoOperand(term);
        }

        if (number.IsInt64 && number.TryGetInt64(out var integer))
            return new GoOperand(integer);
        context.StepDigits(number);
        var written = number.ToText();
        if (written.AsSpan().IndexOfAny('.', 'e', 'E') < 0 && number.TryGetBigInteger(out var big))
            return new GoOperand(big);
        var real = number.ToDouble();
        return double.IsInfinity(real) ? new GoOperand(written) : new GoOperand(real);
    }
}
