using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>Typed readers of operands. Positions count from 1; what is wrong is noted in OPA's words.</summary>
internal static class Operands
{
    private const string NotInteger = "must be integer number but got floating-point number";

    public static bool TryGetText(this BuiltinContext context, ReadOnlySpan<RegoValue> args, int position, [NotNullWhen(true)] out string? text)
    {
        text = (args[position - 1] as RegoString)?.Value;
        return text is not null || context.Refuse(position, "string", args[position - 1]);
    }

    public static bool TryGetArray(this BuiltinContext context, ReadOnlySpan<RegoValue> args, int position, [NotNullWhen(true)] out RegoArray? array)
    {
        array = args[position - 1] as RegoArray;
        return array is not null || context.Refuse(position, "array", args[position - 1]);
    }

    public static bool TryGetSet(this BuiltinContext context, ReadOnlySpan<RegoValue> args, int position, [NotNullWhen(true)] out RegoSet? set)
    {
        set = args[position - 1] as RegoSet;
        return set is not null || context.Refuse(position, "set", args[position - 1]);
    }

    public static bool TryGetObject(this BuiltinContext context, ReadOnlySpan<RegoValue> args, int position, [NotNullWhen(true)] out RegoObject? map)
    {
        map = args[position - 1].Kind == RegoKind.Object ? Unsafe.As<RegoObject>(args[position - 1]) : null;
        return map is not null || context.Refuse(position, "object", args[position - 1]);
    }

    public static bool TryGetNumber(this BuiltinContext context, ReadOnlySpan<RegoValue> args, int position, [NotNullWhen(true)] out RegoNumber? number)
    {
        number = args[position - 1] as RegoNumber;
        return number is not null || context.Refuse(position, "number", args[position - 1]);
    }

    /// <summary>An integer written as one: 2.0 is refused, as OPA refuses it.</summary>
    public static bool TryGetInteger(this BuiltinContext context, ReadOnlySpan<RegoValue> args, int position, out long value)
    {
        value = 0;
        if (!context.TryGetNumber(args, position, out var number))
            return false;
        if (number.IsInt64 && number.TryGetInt64(out value))
            return true;
        context.FailType($"operand {position} {NotInteger}");
        return false;
    }

    /// <summary>An integer of any size, in any notation.</summary>
    public static bool TryGetBigInteger(this BuiltinContext context, ReadOnlySpan<RegoValue> args, int position, out BigInteger value)
    {
        value = default;
        if (args[position - 1] is not RegoNumber number)
            return context.Refuse(position, "integer", args[position - 1]);
        context.StepDigits(number);
        if (number.TryGetBigInteger(out value))
            return true;
        context.FailType($"operand {position} {NotInteger}");
        return false;
    }

    /// <summary>The elements of an array or a set.</summary>
    public static bool TryGetElements(this BuiltinContext context, ReadOnlySpan<RegoValue> args, int position, out ReadOnlySpan<RegoValue> items)
    {
        switch (args[position - 1])
        {
            case RegoArray array:
                items = array.Items;
                return true;
            case RegoSet set:
                items = set.Items;
                return true;
            default:
                items = default;
                return context.Refuse(position, "one of {set, array}", args[position - 1]);
        }
    }

    /// <summary>Notes an element of the wrong kind: <c>operand 1 must be array of strings but got array containing number</c>.</summary>
    public static RegoValue? FailElement(this BuiltinContext context, int position, RegoValue collection, string expected, RegoValue got)
    {
        var kind = BuiltinContext.KindName(collection);
        return context.FailType($"operand {position} must be {kind} of {expected}s but got {kind} containing {BuiltinContext.KindName(got)}");
    }

    /// <summary>Counts the work and the memory of making <paramref name="count"/> elements, before they are made.</summary>
    public static void Spend(this BuiltinContext context, long count, int bytesEach)
    {
        // Far beyond any limit already; larger numbers would overflow the counters instead of reaching it.
        const long Beyond = 1L << 48;
        count = Math.Min(count, Beyond);
        context.Budget.Charge(Math.Min(count * bytesEach, Beyond));
        context.Budget.Step(count);
    }

    /// <summary>Charges a text before it is made, and counts a step per 64 characters.</summary>
    public static void SpendText(this BuiltinContext context, long length)
    {
        length = Math.Clamp(length, 0, 1L << 48);
        context.Budget.Charge(length * 2);
        context.Budget.Step(length >> 6);
    }

    /// <summary>Counts the cost of reading a number's digits, which grows faster than their count.</summary>
    public static void StepDigits(this BuiltinContext context, RegoNumber number)
    {
        if (!number.IsInt64)
            context.StepDigits(number.ToText().Length);
    }

    /// <summary>Counts the cost of reading so many digits.</summary>
    public static void StepDigits(this BuiltinContext context, long digits) => context.Budget.Step((digits >> 6) + (digits * digits >> 12));

    private static bool Refuse(this BuiltinContext context, int position, string expected, RegoValue got)
    {
        context.FailOperand(position, expected, got);
        return false;
    }
}
