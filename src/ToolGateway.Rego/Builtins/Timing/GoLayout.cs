namespace ToolGateway.Rego.Builtins.Timing;

/// <summary>What a part of a layout stands for.</summary>
internal enum LayoutPart
{
    None,
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    Pm,
    LowerPm,
    ZoneName,
    NumericZone,
    FractionZeros,
    FractionNines,
}

/// <summary>A part of a layout: where it lies, and for zones and fractions how they are written.</summary>
/// <param name="Style">Of a zone: its text after the sign or Z. Of a fraction: its separator and digits.</param>
internal readonly record struct LayoutChunk(LayoutPart Part, int Start, int End, string Style, bool UtcAsZ);

/// <summary>Go's time layouts, in which each part of the reference time Mon Jan 2 15:04:05 MST 2006 stands for itself.</summary>
internal static class GoLayout
{
    public const string Rfc3339 = "2006-01-02T15:04:05Z07:00";
    public const string Rfc3339Nano = "2006-01-02T15:04:05.999999999Z07:00";

    public static readonly string[] MonthNames =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    public static readonly string[] DayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly string[] ZoneStyles = ["070000", "07:00:00", "0700", "07:00", "07"];

    private static readonly LayoutPart[] ZeroParts =
        [LayoutPart.ZeroMonth, LayoutPart.ZeroDay, LayoutPart.ZeroHour12, LayoutPart.ZeroMinute, LayoutPart.ZeroSecond, LayoutPart.Year];

    /// <summary>The layout that a name of Go's time package stands for, or the text itself.</summary>
    public static string Resolve(string layout) => layout switch
    {
        "ANSIC" => "Mon Jan _2 15:04:05 2006",
        "UnixDate" => "Mon Jan _2 15:04:05 MST 2006",
        "RubyDate" => "Mon Jan 02 15:04:05 -0700 2006",
        "RFC822" => "02 Jan 06 15:04 MST",
        "RFC822Z" => "02 Jan 06 15:04 -0700",
        "RFC850" => "Monday, 02-Jan-06 15:04:05 MST",
        "RFC1123" => "Mon, 02 Jan 2006 15:04:05 MST",
        "RFC1123Z" => "Mon, 02 Jan 2006 15:04:05 -0700",
        "RFC3339" => Rfc3339,
        "RFC3339Nano" => Rfc3339Nano,
        _ => layout,
    };

    /// <summary>The first part at or after <paramref name="start"/>; <see cref="LayoutPart.None"/> at the end when only literal text is left.</summary>
    public static LayoutChunk Next(string layout, int start)
    {
        for (var i = start; i < layout.Length; i++)
        {
            var chunk = At(layout, i);
            if (chunk.Part != LayoutPart.None)
                return chunk;
        }

        return new LayoutChunk(LayoutPart.None, layout.Length, layout.Length, "", false);
    }

    private static LayoutChunk At(string layout, int i)
    {
        var rest = layout.AsSpan(i);
        return rest[0] switch
        {
            'J' when rest.StartsWith("January") => Chunk(LayoutPart.LongMonth, i, 7),
            'J' when rest.StartsWith("Jan") && !StartsLower(rest[3..]) => Chunk(LayoutPart.Month, i, 3),
            'M' when rest.StartsWith("Monday") => Chunk(LayoutPart.LongWeekday, i, 6),
            'M' when rest.StartsWith("Mon") && !StartsLower(rest[3..]) => Chunk(LayoutPart.Weekday, i, 3),
            'M' when rest.StartsWith("MST") => Chunk(LayoutPart.ZoneName, i, 3),
            '0' when rest.Length > 1 && rest[1] is >= '1' and <= '6' => Chunk(ZeroParts[rest[1] - '1'], i, 2),
            '0' when rest.StartsWith("002") => Chunk(LayoutPart.ZeroYearDay, i, 3),
            '1' => rest.StartsWith("15") ? Chunk(LayoutPart.Hour, i, 2) : Chunk(LayoutPart.NumMonth, i, 1),
            '2' => rest.StartsWith("2006") ? Chunk(LayoutPart.LongYear, i, 4) : Chunk(LayoutPart.Day, i, 1),
            '_' when rest.StartsWith("_2006") => Chunk(LayoutPart.LongYear, i + 1, 4),
            '_' when rest.StartsWith("_2") => Chunk(LayoutPart.UnderDay, i, 2),
            '_' when rest.StartsWith("__2") => Chunk(LayoutPart.UnderYearDay, i, 3),
            '3' => Chunk(LayoutPart.Hour12, i, 1),
            '4' => Chunk(LayoutPart.Minute, i, 1),
            '5' => Chunk(LayoutPart.Second, i, 1),
            'P' when rest.StartsWith("PM") => Chunk(LayoutPart.Pm, i, 2),
            'p' when rest.StartsWith("pm") => Chunk(LayoutPart.LowerPm, i, 2),
            '-' or 'Z' => NumericZone(rest, i),
            '.' or ',' => Fraction(rest, i),
            _ => default,
        };
    }

    private static LayoutChunk NumericZone(ReadOnlySpan<char> rest, int i)
    {
        foreach (var style in ZoneStyles)
        {
            if (rest[1..].StartsWith(style))
                return new LayoutChunk(LayoutPart.NumericZone, i, i + 1 + style.Length, style, rest[0] == 'Z');
        }

        return default;
    }

    private static LayoutChunk Fraction(ReadOnlySpan<char> rest, int i)
    {
        if (rest.Length < 2 || rest[1] is not ('0' or '9'))
            return default;
        var digits = rest[1..].IndexOfAnyExcept(rest[1]);
        if (digits < 0)
            digits = rest.Length - 1;
        if (digits + 1 < rest.Length && char.IsAsciiDigit(rest[digits + 1]))
            return default;
        var part = rest[1] == '0' ? LayoutPart.FractionZeros : LayoutPart.FractionNines;
        return new LayoutChunk(part, i, i + 1 + digits, rest[..(digits + 1)].ToString(), false);
    }

    private static LayoutChunk Chunk(LayoutPart part, int start, int length) => new(part, start, start + length, "", false);

    private static bool StartsLower(ReadOnlySpan<char> text) => !text.IsEmpty && char.IsAsciiLetterLower(text[0]);
}
