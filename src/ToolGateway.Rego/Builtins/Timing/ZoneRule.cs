namespace ToolGateway.Rego.Builtins.Timing;

/// <summary>The rule for times after the last recorded change, written as POSIX writes TZ: <c>CET-1CEST,M3.5.0,M10.5.0/3</c>.</summary>
internal sealed class ZoneRule
{
    private readonly ZoneOffset _standard;
    private readonly ZoneOffset? _daylight;
    private readonly Change _begin;
    private readonly Change _end;

    private ZoneRule(ZoneOffset standard, ZoneOffset? daylight, Change begin, Change end)
    {
        _standard = standard;
        _daylight = daylight;
        _begin = begin;
        _end = end;
    }

    public ZoneOffset At(long unixSeconds)
    {
        if (_daylight is not { } daylight)
            return _standard;
        var year = CivilTime.FromNanoseconds(0, Zone.Utc).Year;
        // The year on standard clocks decides which pair of changes applies.
        year += (unixSeconds + _standard.Seconds) / 31_556_952;
        while (CivilTime.ToSeconds(year, 1, 1, 0, 0, 0) > unixSeconds + _standard.Seconds)
            year--;
        while (CivilTime.ToSeconds(year + 1, 1, 1, 0, 0, 0) <= unixSeconds + _standard.Seconds)
            year++;
        var begin = _begin.In(year) - _standard.Seconds;
        var end = _end.In(year) - daylight.Seconds;
        var inside = begin < end ? unixSeconds >= begin && unixSeconds < end : unixSeconds >= begin || unixSeconds < end;
        return inside ? daylight : _standard;
    }

    /// <summary>The rule, or null when <paramref name="text"/> is empty or none.</summary>
    public static ZoneRule? Parse(string text)
    {
        var reader = new Reader(text);
        if (!reader.TryName(out var name) || !reader.TryOffset(out var offset))
            return null;
        var standard = new ZoneOffset(-offset, name);
        if (reader.AtEnd)
            return new ZoneRule(standard, null, default, default);
        if (!reader.TryName(out name))
            return null;
        offset = reader.TryOffset(out var given) ? given : -standard.Seconds - 3600;
        return reader.TryChange(out var begin) && reader.TryChange(out var end)
            ? new ZoneRule(standard, new ZoneOffset(-offset, name), begin, end)
            : null;
    }

    /// <summary>A day of the year (<c>Jn</c>, <c>n</c> or <c>Mm.w.d</c>) and seconds on its clocks.</summary>
    private readonly record struct Change(char Kind, int Month, int Week, int Day, int Time)
    {
        public long In(long year)
        {
            if (Kind == 'J')
                return CivilTime.ToSeconds(year, 1, Day + (CivilTime.IsLeap(year) && Day >= 60 ? 1 : 0), 0, 0, Time);
            if (Kind == 'N')
                return CivilTime.ToSeconds(year, 1, Day + 1, 0, 0, Time);
            var first = new CivilTime(year, Month, 1, 0, 0, 0, 0, default).Weekday;
            var day = 1 + ((Day - first + 7) % 7) + (7 * (Week - 1));
            while (day > CivilTime.DaysIn(year, Month))
                day -= 7;
            return CivilTime.ToSeconds(year, Month, day, 0, 0, Time);
        }
    }

    private sealed class Reader(string text)
    {
        private int _at;

        public bool AtEnd => _at >= text.Length;

        public bool TryName(out string name)
        {
            name = "";
            if (AtEnd)
                return false;
            var start = _at;
            if (text[_at] == '<')
            {
                var end = text.IndexOf('>', _at);
                if (end < 0)
                    return false;
                name = text[(_at + 1)..end];
                _at = end + 1;
                return true;
            }

            while (!AtEnd && char.IsAsciiLetter(text[_at]))
                _at++;
            name = text[start.._at];
            return name.Length >= 3;
        }

        /// <summary>[+-]hh[:mm[:ss]] in seconds.</summary>
        public bool TryOffset(out int seconds)
        {
            seconds = 0;
            if (AtEnd || !(char.IsAsciiDigit(text[_at]) || text[_at] is '+' or '-'))
                return false;
            var sign = text[_at] == '-' ? -1 : 1;
            if (!char.IsAsciiDigit(text[_at]))
                _at++;
            if (!TryNumber(out var hours))
                return false;
            var minutes = 0;
            var rest = 0;
            if (Skip(':') && TryNumber(out minutes) && Skip(':'))
                TryNumber(out rest);
            seconds = sign * ((hours * 3600) + (minutes * 60) + rest);
            return true;
        }

        public bool TryChange(out Change change)
        {
            change = default;
            if (!Skip(','))
                return false;
            var kind = Skip('M') ? 'M' : Skip('J') ? 'J' : 'N';
            var month = 0;
            var week = 0;
            if (kind == 'M' && !(TryNumber(out month) && Skip('.') && TryNumber(out week) && Skip('.') && month is >= 1 and <= 12 && week is >= 1 and <= 5))
                return false;
            if (!TryNumber(out var day))
                return false;
            var time = 2 * 3600;
            if (Skip('/') && !TryOffset(out time))
                return false;
            change = new Change(kind, month, week, day, time);
            return true;
        }

        private bool Skip(char c)
        {
            if (AtEnd || text[_at] != c)
                return false;
            _at++;
            return true;
        }

        private bool TryNumber(out int number)
        {
            number = 0;
            var start = _at;
            while (!AtEnd && char.IsAsciiDigit(text[_at]) && _at - start < 4)
                number = (number * 10) + (text[_at++] - '0');
            return _at > start;
        }
    }
}
