using System.Numerics;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>Bitwise operations on integers of any size, in two's complement.</summary>
internal static class Bits
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("bits.and(x:number, y:number) -> number", (c, a) => Binary(c, a, static (x, y) => x & y)),
        Signature.Declare("bits.or(x:number, y:number) -> number", (c, a) => Binary(c, a, static (x, y) => x | y)),
        Signature.Declare("bits.xor(x:number, y:number) -> number", (c, a) => Binary(c, a, static (x, y) => x ^ y)),
        Signature.Declare("bits.negate(x:number) -> number", Negate),
        Signature.Declare("bits.lsh(x:number, s:number) -> number", ShiftLeft),
        Signature.Declare("bits.rsh(x:number, s:number) -> number", ShiftRight),
    ];

    private static RegoNumber? Binary(BuiltinContext context, ReadOnlySpan<RegoValue> args, Func<BigInteger, BigInteger, BigInteger> function) =>
        context.TryGetBigInteger(args, 1, out var x) && context.TryGetBigInteger(args, 2, out var y) ? RegoNumber.Of(function(x, y)) : null;

    private static RegoNumber? Negate(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        context.TryGetBigInteger(args, 1, out var x) ? RegoNumber.Of(-x - 1) : null;

    private static RegoNumber? ShiftLeft(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!TryOperands(context, args, out var x, out var shift))
            return null;
        if (x.IsZero)
            return RegoNumber.Of(0);

        // The result is kept as decimal text, whose making costs the square of its length.
        var bits = shift > int.MaxValue ? long.MaxValue / 4 : (long)shift + x.GetBitLength();
        context.Budget.Charge(Math.Min(bits, 1L << 48));
        context.Budget.Step(Math.Min((bits >> 10) * Math.Min(bits >> 10, 1L << 20), 1L << 48));
        return RegoNumber.Of(x << (int)shift);
    }

    private static RegoNumber? ShiftRight(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!TryOperands(context, args, out var x, out var shift))
            return null;
        return RegoNumber.Of(shift > int.MaxValue ? x.Sign < 0 ? -1 : 0 : x >> (int)shift);
    }

    private static bool TryOperands(BuiltinContext context, ReadOnlySpan<RegoValue> args, out BigInteger x, out BigInteger shift)
    {
        shift = default;
        if (!context.TryGetBigInteger(args, 1, out x) || !context.TryGetBigInteger(args, 2, out shift))
            return false;
        if (shift.Sign >= 0)
            return true;
        context.FailType("operand 2 must be an unsigned integer number but got a negative integer");
        return false;
    }
}
