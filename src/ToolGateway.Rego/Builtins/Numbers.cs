using System.Numerics;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>numbers.range, numbers.range_step, rand.intn.</summary>
internal static class Numbers
{
    private const int BytesPerNumber = 40;

    public static Builtin[] All { get; } =
    [
        Signature.Declare("numbers.range(a:number, b:number) -> array[number]", Range),
        Signature.Declare("numbers.range_step(a:number, b:number, step:number) -> array[number]", RangeStep),
        Signature.Declare("rand.intn(str:string, n:number) -> number", RandomInteger, BuiltinTraits.Nondeterministic),
    ];

    private static RegoValue? Range(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        context.TryGetBigInteger(args, 1, out var from) && context.TryGetBigInteger(args, 2, out var to) ? Generate(context, from, to, BigInteger.One) : null;

    private static RegoValue? RangeStep(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetBigInteger(args, 1, out var from) || !context.TryGetBigInteger(args, 2, out var to) ||
            !context.TryGetBigInteger(args, 3, out var step))
            return null;
        return step.Sign <= 0 ? context.Fail("numbers.range_step: step must be a positive integer") : Generate(context, from, to, step);
    }

    private static RegoArray Generate(BuiltinContext context, BigInteger from, BigInteger to, BigInteger step)
    {
        var count = (BigInteger.Abs(to - from) / step) + 1;
        context.Spend(count > int.MaxValue ? long.MaxValue : (long)count, BytesPerNumber);
        var numbers = new RegoValue[(int)count];
        var stride = to < from ? -step : step;
        if (from > long.MinValue / 2 && from < long.MaxValue / 2 && to > long.MinValue / 2 && to < long.MaxValue / 2)
        {
            var by = numbers.Length > 1 ? (long)stride : 0;
            var at = (long)from;
            for (var i = 0; i < numbers.Length; i++, at += by)
                numbers[i] = RegoNumber.Of(at);
        }
        else
        {
            for (var i = 0; i < numbers.Length; i++, from += stride)
                numbers[i] = RegoNumber.Of(from);
        }

        return RegoArray.Adopt(numbers);
    }

    private static RegoValue? RandomInteger(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out _) || !context.TryGetInteger(args, 2, out var n))
            return null;
        if (n == 0)
            return RegoNumber.Of(0);
        var limit = n == long.MinValue ? long.MaxValue : Math.Abs(n);
        var key = ("rand.intn", (RegoValue)RegoArray.Of(args[0], RegoNumber.Of(limit)));
        if (!context.Memory.TryGetValue(key, out var value))
        {
#pragma warning disable CA5394 // Policies draw lots with it, not secrets; the host may inject a seeded source to repeat an evaluation.
            value = RegoNumber.Of(context.Random.NextInt64(limit));
#pragma warning restore CA5394
            context.Memory[key] = value;
        }

        return value;
    }
}
