using System.Globalization;
using System.Text;
using ToolGateway.Rego.Limits;

namespace ToolGateway.Rego.Builtins.Timing;

/// <summary>Writes times as Go's Time.Format does.</summary>
internal static class GoTimeFormatter
{
    /// <summary>The text, or null when the layout wants an abbreviation of the zone and the platform has none.</summary>
    public static string? Format(in CivilTime time, string layout, EvaluationBudget budget)
    {
        budget.Charge(layout.Length * 8L);
        var text = new StringBuilder();
        for (var at = 0; at < layout.Length;)
        {
            budget.Step();
            var chunk = GoLayout.Next(layout, at);
            text.Append(layout, at, chunk.Start - at);
            if (chunk.Part == LayoutPart.ZoneName && time.Zone.Name is null)
                return null;
            Append(text, time, chunk);
            at = chunk.End;
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, in CivilTime time, in LayoutChunk chunk)
    {
        var hour12 = time.Hour % 12 == 0 ? 12 : time.Hour % 12;
        _ = chunk.Part switch
        {
            LayoutPart.LongYear => Year(text, time.Year),
            LayoutPart.Year => Number(text, (int)(Math.Max(time.Year, 0) % 100), 2),
            LayoutPart.LongMonth => text.Append(GoLayout.MonthNames[time.Month - 1]),
            LayoutPart.Month => text.Append(GoLayout.MonthNames[time.Month - 1], 0, 3),
            LayoutPart.NumMonth => Number(text, time.Month, 1),
            LayoutPart.ZeroMonth => Number(text, time.Month, 2),
            LayoutPart.LongWeekday => text.Append(GoLayout.DayNames[time.Weekday]),
            LayoutPart.Weekday => text.Append(GoLayout.DayNames[time.Weekday], 0, 3),
            LayoutPart.Day => Number(text, time.Day, 1),
            LayoutPart.UnderDay => Number(text, time.Day, 2, ' '),
            LayoutPart.ZeroDay => Number(text, time.Day, 2),
            LayoutPart.UnderYearDay => Number(text, time.YearDay, 3, ' '),
            LayoutPart.ZeroYearDay => Number(text, time.YearDay, 3),
            LayoutPart.Hour => Number(text, time.Hour, 2),
            LayoutPart.Hour12 => Number(text, hour12, 1),
            LayoutPart.ZeroHour12 => Number(text, hour12, 2),
            LayoutPart.Minute => Number(text, time.Minute, 1),
            LayoutPart.ZeroMinute => Number(text, time.Minute, 2),
            LayoutPart.Second => Number(text, time.Second, 1),
            LayoutPart.ZeroSecond => Number(text, time.Second, 2),
            LayoutPart.Pm => text.Append(time.Hour >= 12 ? "PM" : "AM"),
            LayoutPart.LowerPm => text.Append(time.Hour >= 12 ? "pm" : "am"),
            LayoutPart.ZoneName => ZoneName(text, time.Zone),
            LayoutPart.NumericZone => NumericZone(text, time.Zone.Seconds, chunk),
            LayoutPart.FractionZeros or LayoutPart.FractionNines => Fraction(text, time.Nanosecond, chunk),
            _ => text,
        };
    }

    private static StringBuilder Year(StringBuilder text, long year) =>
        text.Append(year < 0 ? "-" : "").Append(Math.Abs(year).ToString("0000", CultureInfo.InvariantCulture));

    private static StringBuilder Number(StringBuilder text, int number, int width, char pad = '0') =>
        text.Append(number.ToString(CultureInfo.InvariantCulture).PadLeft(width, pad));

    private static StringBuilder ZoneName(StringBuilder text, ZoneOffset zone)
    {
        if (zone.Name!.Length > 0)
            return text.Append(zone.Name);
        return NumericZone(text, zone.Seconds, new LayoutChunk(LayoutPart.NumericZone, 0, 0, "0700", false));
    }

    private static StringBuilder NumericZone(StringBuilder text, int offset, in LayoutChunk chunk)
    {
        if (chunk.UtcAsZ && offset == 0)
            return text.Append('Z');
        // The sign is that of whole minutes, as in Go.
        text.Append(offset / 60 < 0 ? '-' : '+');
        var minutes = Math.Abs(offset / 60);
        Number(text, minutes / 60, 2);
        var colon = chunk.Style.Contains(':', StringComparison.Ordinal) ? ":" : "";
        if (chunk.Style.Length > 2)
            Number(text.Append(colon), minutes % 60, 2);
        return chunk.Style.Length > 5 ? Number(text.Append(colon), Math.Abs(offset) % 60, 2) : text;
    }

    private static StringBuilder Fraction(StringBuilder text, int nanosecond, in LayoutChunk chunk)
    {
        var digits = nanosecond.ToString("000000000", CultureInfo.InvariantCulture);
        digits = digits[..Math.Min(digits.Length, chunk.Style.Length - 1)];
        if (chunk.Part == LayoutPart.FractionNines)
            digits = digits.TrimEnd('0');
        return digits.Length == 0 ? text : text.Append(chunk.Style[0]).Append(digits);
    }
}
