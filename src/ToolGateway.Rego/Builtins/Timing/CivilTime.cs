namespace ToolGateway.Rego.Builtins.Timing;

/// <summary>Date and time of day in the proleptic Gregorian calendar, with the zone they are read in.</summary>
internal readonly record struct CivilTime(long Year, int Month, int Day, int Hour, int Minute, int Second, int Nanosecond, ZoneOffset Zone)
{
    public const long NanosecondsPerSecond = 1_000_000_000;
    private const long SecondsPerDay = 86_400;

    private static readonly int[] DaysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

    /// <summary>0 is Sunday.</summary>
    public int Weekday => (int)Mod(DaysFromCivil(Year, Month, Day) + 4, 7);

    public int YearDay => DaysBeforeMonth[Month - 1] + Day + (Month > 2 && IsLeap(Year) ? 1 : 0);

    public static CivilTime FromNanoseconds(long nanoseconds, Zone zone)
    {
        var utc = Div(nanoseconds, NanosecondsPerSecond);
        var offset = zone.At(utc);
        var seconds = utc + offset.Seconds;
        var (year, month, day) = CivilFromDays(Div(seconds, SecondsPerDay));
        var rest = (int)Mod(seconds, SecondsPerDay);
        return new(year, month, day, rest / 3600, rest / 60 % 60, rest % 60, (int)Mod(nanoseconds, NanosecondsPerSecond), offset);
    }

    /// <summary>Seconds since 1970 of a date and time of day read in UTC; months and days may be out of their ranges and carry over.</summary>
    public static long ToSeconds(long year, long month, long day, int hour, int minute, int second)
    {
        year += Div(month - 1, 12);
        month = Mod(month - 1, 12) + 1;
        return ((DaysFromCivil(year, month, 1) + day - 1) * SecondsPerDay) + (hour * 3600L) + (minute * 60L) + second;
    }

    public static bool IsLeap(long year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    public static int DaysIn(long year, int month) => month switch
    {
        2 => IsLeap(year) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    // Counting years from March puts the leap day last, so that months and years have closed forms; a cycle of 400 years has 146,097 days.
    private static long DaysFromCivil(long year, long month, long day)
    {
        if (month <= 2)
            year--;
        var era = Div(year, 400);
        var yearOfEra = year - (era * 400);
        var dayOfYear = ((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5 + day - 1;
        return (era * 146_097) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - 719_468;
    }

    private static (long Year, int Month, int Day) CivilFromDays(long days)
    {
        days += 719_468;
        var era = Div(days, 146_097);
        var dayOfEra = days - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var month = ((5 * dayOfYear) + 2) / 153;
        var day = dayOfYear - (((153 * month) + 2) / 5) + 1;
        month = month < 10 ? month + 3 : month - 9;
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), (int)month, (int)day);
    }

    private static long Div(long a, long b) => (a / b) - (a % b < 0 ? 1 : 0);

    private static long Mod(long a, long b) => a % b < 0 ? (a % b) + b : a % b;
}
