namespace ToolGateway.Rego.Builtins.Timing;

/// <summary>Reads times as Go's time.Parse does: in UTC unless the text says otherwise.</summary>
internal sealed partial class GoTimeParser
{
    private readonly string _layout;
    private readonly string _text;
    private int _at;
    private long _year;
    private int _month = -1;
    private int _day = -1;
    private int _yearDay = -1;
    private int _hour;
    private int _minute;
    private int _second;
    private int _nanosecond;
    private int _offset;
    private bool _am;
    private bool _pm;
    private string? _range;

    private GoTimeParser(string layout, string text)
    {
        _layout = layout;
        _text = text;
    }

    private ReadOnlySpan<char> Rest => _text.AsSpan(_at);

    /// <summary>Seconds since 1970 and nanoseconds, or null with the reason in <paramref name="error"/>.</summary>
    public static (long Seconds, int Nanoseconds)? Parse(string layout, string text, out string error)
    {
        var parser = new GoTimeParser(layout, text);
        error = parser.Read() ?? parser.Check() ?? "";
        if (error.Length > 0)
            return null;
        var seconds = CivilTime.ToSeconds(parser._year, parser._month, parser._day, parser._hour, parser._minute, parser._second);
        return (seconds - parser._offset, parser._nanosecond);
    }

    private string? Read()
    {
        for (var at = 0; ;)
        {
            var chunk = GoLayout.Next(_layout, at);
            var prefix = _layout.AsSpan(at, chunk.Start - at);
            if (!Skip(prefix))
                return CannotParse(_at, prefix);
            if (chunk.Part == LayoutPart.None)
                return _at == _text.Length ? null : Fail(": extra text: " + GoText.Quote(_text[_at..]));
            at = chunk.End;
            var hold = _at;
            var read = ReadChunk(chunk);
            var part = _layout.AsSpan(chunk.Start, chunk.End - chunk.Start);
            if (_range is not null)
                return Fail($": {_range} out of range");
            if (!read)
                return CannotParse(hold, part);
        }
    }

    private bool ReadChunk(in LayoutChunk chunk)
    {
        switch (chunk.Part)
        {
            case LayoutPart.LongYear or LayoutPart.Year:
                return ReadYear(chunk.Part == LayoutPart.LongYear);
            case LayoutPart.LongMonth or LayoutPart.Month:
                return ReadName(GoLayout.MonthNames, chunk.Part == LayoutPart.Month, out _month) && ++_month > 0;
            case LayoutPart.NumMonth or LayoutPart.ZeroMonth:
                return ReadNumber(chunk.Part == LayoutPart.ZeroMonth, out _month) && InRange(_month is >= 1 and <= 12, "month");
            case LayoutPart.LongWeekday or LayoutPart.Weekday:
                return ReadName(GoLayout.DayNames, chunk.Part == LayoutPart.Weekday, out _);
            case LayoutPart.Day or LayoutPart.UnderDay or LayoutPart.ZeroDay:
                if (chunk.Part == LayoutPart.UnderDay && Rest.StartsWith(' '))
                    _at++;
                return ReadNumber(chunk.Part == LayoutPart.ZeroDay, out _day);
            case LayoutPart.UnderYearDay or LayoutPart.ZeroYearDay:
                return ReadYearDay(chunk.Part == LayoutPart.ZeroYearDay);
            case LayoutPart.Hour:
                return ReadNumber(fixedWidth: false, out _hour) && InRange(_hour < 24, "hour");
            case LayoutPart.Hour12 or LayoutPart.ZeroHour12:
                return ReadNumber(chunk.Part == LayoutPart.ZeroHour12, out _hour) && InRange(_hour <= 12, "hour");
            case LayoutPart.Minute or LayoutPart.ZeroMinute:
                return ReadNumber(chunk.Part == LayoutPart.ZeroMinute, out _minute) && InRange(_minute < 60, "minute");
            case LayoutPart.Second or LayoutPart.ZeroSecond:
                return ReadSecond(chunk);
            case LayoutPart.Pm or LayoutPart.LowerPm:
                return ReadHalf(chunk.Part == LayoutPart.Pm);
            case LayoutPart.ZoneName:
                return ReadZoneName();
            case LayoutPart.NumericZone:
                return ReadNumericZone(chunk);
            case LayoutPart.FractionZeros:
                return ReadFraction(chunk.Style.Length);
            default:
                return !StartsFraction() || ReadFraction(FractionLength());
        }
    }

    /// <summary>Completes the date and says what is wrong with it.</summary>
    private string? Check()
    {
        if (_pm && _hour < 12)
            _hour += 12;
        else if (_am && _hour == 12)
            _hour = 0;
        if (_yearDay >= 0)
        {
            if (_yearDay < 1 || _yearDay > (CivilTime.IsLeap(_year) ? 366 : 365))
                return Fail(": day-of-year out of range");
            var month = 1;
            var day = _yearDay;
            while (day > CivilTime.DaysIn(_year, month))
                day -= CivilTime.DaysIn(_year, month++);
            if (_month >= 0 && _month != month)
                return Fail(": day-of-year does not match month");
            if (_day >= 0 && _day != day)
                return Fail(": day-of-year does not match day");
            (_month, _day) = (month, day);
        }

        _month = _month < 0 ? 1 : _month;
        _day = _day < 0 ? 1 : _day;
        return _day < 1 || _day > CivilTime.DaysIn(_year, _month) ? Fail(": day out of range") : null;
    }

    /// <summary>Passes over literal text; a run of spaces stands for any run, also an empty one at the end.</summary>
    private bool Skip(ReadOnlySpan<char> prefix)
    {
        while (!prefix.IsEmpty)
        {
            if (prefix[0] == ' ')
            {
                if (_at < _text.Length && _text[_at] != ' ')
                    return false;
                prefix = prefix.TrimStart(' ');
                _at = _text.Length - Rest.TrimStart(' ').Length;
                continue;
            }

            if (_at >= _text.Length || _text[_at] != prefix[0])
                return false;
            prefix = prefix[1..];
            _at++;
        }

        return true;
    }

    private bool InRange(bool inside, string what)
    {
        if (!inside)
            _range = what;
        return inside;
    }

    private string CannotParse(int at, ReadOnlySpan<char> part) =>
        Fail($" as {GoText.Quote(_layout)}: cannot parse {GoText.Quote(_text[at..])} as {GoText.Quote(part.ToString())}");

    private string Fail(string message) => $"parsing time {GoText.Quote(_text)}{message}";
}
