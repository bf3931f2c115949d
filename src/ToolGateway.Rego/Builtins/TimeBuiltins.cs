using System.Numerics;
using ToolGateway.Rego.Builtins.Timing;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>The time family.</summary>
internal static class TimeBuiltins
{
    private const string InstantText = "either number (ns) or [number (ns), string (tz)]";

    // Beyond this many years, months or days no result is in range, and sums could overflow.
    private const long MaxShift = 1_000_000;

    public static Builtin[] All { get; } =
    [
        Signature.Declare("time.add_date(ns:number, years:number, months:number, days:number) -> number", AddDate),
        Signature.Declare("time.clock(x:number|array<number, string>) -> array<number, number, number>", Clock),
        Signature.Declare("time.date(x:number|array<number, string>) -> array<number, number, number>", Date),
        Signature.Declare(
            "time.diff(ns1:number|array<number, string>, ns2:number|array<number, string>) -> array<number, number, number, number, number, number>", Diff),
        Signature.Declare("time.format(x:number|array<number, string>|array<number, string, string>) -> string", Format),
        Signature.Declare("time.now_ns() -> number", Now, BuiltinTraits.Nondeterministic),
        Signature.Declare("time.parse_duration_ns(duration:string) -> number", ParseDuration),
        Signature.Declare("time.parse_ns(layout:string, value:string) -> number", Parse),
        Signature.Declare("time.parse_rfc3339_ns(value:string) -> number", ParseRfc3339),
        Signature.Declare("time.weekday(x:number|array<number, string>) -> string", Weekday),
    ];

    private static RegoValue? Now(BuiltinContext context, ReadOnlySpan<RegoValue> args) => RegoNumber.Of(context.NowNanoseconds);

    private static RegoValue? Clock(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        Read(context, args[0]) is { } instant && instant.Civil is var time
            ? RegoArray.Of(RegoNumber.Of(time.Hour), RegoNumber.Of(time.Minute), RegoNumber.Of(time.Second))
            : null;

    private static RegoValue? Date(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        Read(context, args[0]) is { } instant && instant.Civil is var time
            ? RegoArray.Of(RegoNumber.Of(time.Year), RegoNumber.Of(time.Month), RegoNumber.Of(time.Day))
            : null;

    private static RegoValue? Weekday(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        Read(context, args[0]) is { } instant ? new RegoString(GoLayout.DayNames[instant.Civil.Weekday]) : null;

    private static RegoValue? Format(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (Read(context, args[0]) is not { } instant)
            return null;
        var layout = instant.Layout.Length == 0 ? GoLayout.Rfc3339Nano : GoLayout.Resolve(instant.Layout);
        return GoTimeFormatter.Format(instant.Civil, layout, context.Budget) is { } text
            ? new RegoString(text)
            : context.Fail("the abbreviation of the time zone is not known on this system; use a layout with a numeric zone");
    }

    private static RegoValue? Parse(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString layout)
            return context.FailOperand(1, "string", args[0]);
        if (args[1] is not RegoString value)
            return context.FailOperand(2, "string", args[1]);
        return Parse(context, GoLayout.Resolve(layout.Value), value.Value);
    }

    private static RegoValue? ParseRfc3339(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        args[0] is RegoString value ? Parse(context, GoLayout.Rfc3339, value.Value) : context.FailOperand(1, "string", args[0]);

    private static RegoValue? Parse(BuiltinContext context, string layout, string value)
    {
        context.Budget.Step(1 + ((layout.Length + value.Length) / 16));
        // Failures quote both.
        context.Budget.Charge((layout.Length + value.Length) * 8L);
        return GoTimeParser.Parse(layout, value, out var error) is { } time ? ToNumber(context, time.Seconds, time.Nanoseconds) : context.Fail(error);
    }

    private static RegoValue? ParseDuration(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString duration)
            return context.FailOperand(1, "string", args[0]);
        context.Budget.Step(1 + (duration.Value.Length / 16));
        context.Budget.Charge(duration.Value.Length * 16L);
        return GoDuration.Parse(duration.Value, out var error) is { } nanoseconds ? RegoNumber.Of(nanoseconds) : context.Fail(error);
    }

    private static RegoValue? AddDate(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (Read(context, args[0]) is not { } instant)
            return null;
        Span<long> shift = [0, 0, 0];
        for (var i = 0; i < 3; i++)
        {
            if (!context.TryGetInteger(args, i + 2, out shift[i]))
                return null;
        }

        if (shift.ContainsAnyExceptInRange(-MaxShift, MaxShift))
            return context.Fail("time outside of valid range");
        var time = instant.Civil;
        var local = CivilTime.ToSeconds(time.Year + shift[0], time.Month + shift[1], time.Day + shift[2], time.Hour, time.Minute, time.Second);
        return ToNumber(context, instant.Zone.ToUtc(local), time.Nanosecond);
    }

    private static RegoValue? Diff(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (Read(context, args[0]) is not { } first || Read(context, args[1]) is not { } second)
            return null;
        var (a, b) = (first.Civil, CivilTime.FromNanoseconds(second.Nanoseconds, first.Zone));
        if (first.Nanoseconds > second.Nanoseconds)
            (a, b) = (b, a);
        Span<long> parts = [b.Year - a.Year, b.Month - a.Month, b.Day - a.Day, b.Hour - a.Hour, b.Minute - a.Minute, b.Second - a.Second];
        Borrow(parts, 5, 60);
        Borrow(parts, 4, 60);
        Borrow(parts, 3, 24);
        Borrow(parts, 2, CivilTime.DaysIn(a.Year, a.Month));
        Borrow(parts, 1, 12);
        var result = new RegoValue[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            result[i] = RegoNumber.Of(parts[i]);
        return RegoArray.Adopt(result);
    }

    private static void Borrow(Span<long> parts, int index, int size)
    {
        if (parts[index] >= 0)
            return;
        parts[index] += size;
        parts[index - 1]--;
    }

    private static RegoValue? ToNumber(BuiltinContext context, long seconds, int nanoseconds)
    {
        var total = ((BigInteger)seconds * CivilTime.NanosecondsPerSecond) + nanoseconds;
        return total < long.MinValue || total > long.MaxValue ? context.Fail("time outside of valid range") : RegoNumber.Of((long)total);
    }

    /// <summary>Reads nanoseconds, alone or with a zone and a layout; null with the failure noted.</summary>
    private static Instant? Read(BuiltinContext context, RegoValue operand)
    {
        var zone = Zone.Utc;
        var layout = "";
        var number = operand;
        if (operand is RegoArray { Count: > 0 } array)
        {
            number = array[0];
            if (!TryReadText(context, array, 1, out var name) || !TryReadText(context, array, 2, out layout))
                return null;
            if (Zone.Find(name) is not { } found)
            {
                context.Fail($"unknown time zone {name}");
                return null;
            }

            zone = found;
        }

        if (number is not RegoNumber nanoseconds)
            context.FailOperand(1, number == operand ? InstantText : "number", number);
        else if (nanoseconds.TryGetInt64(out var value))
            return new Instant(value, zone, layout);
        else
            context.Fail("timestamp too big");
        return null;
    }

    private static bool TryReadText(BuiltinContext context, RegoArray array, int index, out string text)
    {
        text = "";
        if (index >= array.Count)
            return true;
        if (array[index] is RegoString found)
        {
            text = found.Value;
            return true;
        }

        context.FailOperand(1, "string", array[index]);
        return false;
    }

    private sealed record Instant(long Nanoseconds, Zone Zone, string Layout)
    {
        public CivilTime Civil => CivilTime.FromNanoseconds(Nanoseconds, Zone);
    }
}
