using System.Numerics;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>
/// Arithmetic in the narrowest form that holds the operands exactly: 64-bit integers, then integers of any size, then a float with a 64-bit mantissa.
/// </summary>
internal static class Arithmetic
{
    private static readonly BigInteger One = BigInteger.One;

    public static Builtin[] All { get; } =
    [
        Signature.Declare("plus(x:number, y:number) -> number", Plus, infix: "+"),
        Signature.Declare("minus(x:number|set[any], y:number|set[any]) -> number|set[any]", Minus, infix: "-"),
        Signature.Declare("mul(x:number, y:number) -> number", Multiply, infix: "*"),
        Signature.Declare("div(x:number, y:number) -> number", Divide, infix: "/"),
        Signature.Declare("rem(x:number, y:number) -> number", Remainder, infix: "%"),
        Signature.Declare("abs(x:number) -> number", (context, args) => Unary(context, args, static x => RegoNumber.Of(x.Abs()))),
        Signature.Declare("round(x:number) -> number", (context, args) => Unary(context, args, Round)),
        Signature.Declare("ceil(x:number) -> number", (context, args) => Unary(context, args, Ceiling)),
        Signature.Declare("floor(x:number) -> number", (context, args) => Unary(context, args, Floor)),
    ];

    public static RegoNumber? Add(BuiltinContext context, RegoNumber x, RegoNumber y)
    {
        if (x.IsInt64 && y.IsInt64 && x.TryGetInt64(out var a) && y.TryGetInt64(out var b))
        {
            var sum = unchecked(a + b);
            return ((a ^ sum) & (b ^ sum)) >= 0 ? RegoNumber.Of(sum) : RegoNumber.Of((BigInteger)a + b);
        }

        return TryIntegers(context, x, y, out var i, out var j)
            ? RegoNumber.Of(i + j)
            : TryFloats(context, x, y, out var f, out var g) ? RegoNumber.Of(BigFloat.Add(f, g)) : null;
    }

    public static RegoNumber? Times(BuiltinContext context, RegoNumber x, RegoNumber y)
    {
        if (x.IsInt64 && y.IsInt64 && x.TryGetInt64(out var a) && y.TryGetInt64(out var b))
        {
            var high = Math.BigMul(a, b, out long low);
            return high == low >> 63 ? RegoNumber.Of(low) : RegoNumber.Of((BigInteger)a * b);
        }

        if (!TryIntegers(context, x, y, out var i, out var j))
            return TryFloats(context, x, y, out var f, out var g) ? RegoNumber.Of(BigFloat.Multiply(f, g)) : null;
        var bits = i.GetBitLength() + j.GetBitLength();
        context.Budget.Charge(bits / 2);
        context.Budget.Step((bits >> 10) * (bits >> 10));
        return RegoNumber.Of(i * j);
    }

    private static RegoNumber? Plus(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        context.TryGetNumber(args, 1, out var x) && context.TryGetNumber(args, 2, out var y) ? Add(context, x, y) : null;

    private static RegoNumber? Multiply(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        context.TryGetNumber(args, 1, out var x) && context.TryGetNumber(args, 2, out var y) ? Times(context, x, y) : null;

    private static RegoValue? Minus(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        return (args[0], args[1]) switch
        {
            (RegoNumber x, RegoNumber y) => Subtract(context, x, y),
            (RegoSet a, RegoSet b) => Sets.Except(context, a, b),
            (not RegoNumber and not RegoSet, _) => context.FailOperand(1, "one of {number, set}", args[0]),
            (_, RegoNumber) => context.FailOperand(2, "set", args[1]),
            _ => context.FailOperand(2, "number", args[1]),
        };
    }

    private static RegoNumber? Subtract(BuiltinContext context, RegoNumber x, RegoNumber y)
    {
        if (x.IsInt64 && y.IsInt64 && x.TryGetInt64(out var a) && y.TryGetInt64(out var b))
        {
            var difference = unchecked(a - b);
            return ((a ^ b) & (a ^ difference)) >= 0 ? RegoNumber.Of(difference) : RegoNumber.Of((BigInteger)a - b);
        }

        return TryIntegers(context, x, y, out var i, out var j)
            ? RegoNumber.Of(i - j)
            : TryFloats(context, x, y, out var f, out var g) ? RegoNumber.Of(BigFloat.Subtract(f, g)) : null;
    }

    private static RegoValue? Divide(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetNumber(args, 1, out var x) || !context.TryGetNumber(args, 2, out var y))
            return null;
        if (x.IsInt64 && y.IsInt64 && x.TryGetInt64(out var a) && y.TryGetInt64(out var b) && a != 0 && b is not (0 or -1) && a % b == 0)
            return RegoNumber.Of(a / b);
        if (!TryFloats(context, x, y, out var f, out var g))
            return null;
        return g.IsZero ? context.Fail("divide by zero") : RegoNumber.Of(BigFloat.Divide(f, g));
    }

    private static RegoValue? Remainder(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetNumber(args, 1, out var x) || !context.TryGetNumber(args, 2, out var y))
            return null;
        if (!TryIntegers(context, x, y, out var i, out var j))
            return context.Fail("modulo on floating-point number");
        return j.IsZero ? context.Fail("modulo by zero") : RegoNumber.Of(BigInteger.Remainder(i, j));
    }

    private static RegoNumber? Unary(BuiltinContext context, ReadOnlySpan<RegoValue> args, Func<BigFloat, RegoNumber> function)
    {
        if (!context.TryGetNumber(args, 1, out var x))
            return null;
        if (x.IsInt64 && x.TryGetInt64(out var integer) && integer >= 0)
            return x;
        return TryFloats(context, x, x, out var f, out _) ? function(f) : null;
    }

    private static RegoNumber Round(BigFloat x)
    {
        var half = BigFloat.Divide(BigFloat.From(One), BigFloat.From(One + One));
        return RegoNumber.Of((x.IsNegative ? BigFloat.Subtract(x, half) : BigFloat.Add(x, half)).Truncate());
    }

    // OPA looks at the sign of the truncated value, which has none between -1 and 0: there ceil gives 1 and floor 0.
    private static RegoNumber Ceiling(BigFloat x)
    {
        var whole = x.Truncate();
        return RegoNumber.Of(whole.Sign < 0 || x.IsInteger ? whole : whole + One);
    }

    private static RegoNumber Floor(BigFloat x)
    {
        var whole = x.Truncate();
        return RegoNumber.Of(whole.Sign >= 0 || x.IsInteger ? whole : whole - One);
    }

    private static bool TryIntegers(BuiltinContext context, RegoNumber x, RegoNumber y, out BigInteger i, out BigInteger j)
    {
        context.StepDigits(x);
        context.StepDigits(y);
        j = default;
        return x.TryGetBigInteger(out i) && y.TryGetBigInteger(out j);
    }

    private static bool TryFloats(BuiltinContext context, RegoNumber x, RegoNumber y, out BigFloat f, out BigFloat g)
    {
        context.StepDigits(x);
        context.StepDigits(y);
        g = default;
        if (x.TryGetFloat(out f) && y.TryGetFloat(out g))
            return true;
        context.Fail("number too big");
        return false;
    }
}
