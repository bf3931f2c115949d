using System.Globalization;

namespace ToolGateway.Rego.Builtins.Timing;

/// <summary>The parts of a time.</summary>
internal sealed partial class GoTimeParser
{
    private bool ReadYear(bool full)
    {
        var width = full ? 4 : 2;
        if (Rest.Length < width || (full && !char.IsAsciiDigit(Rest[0])))
            return false;
        if (!TryInteger(Rest[..width], out var year))
            return false;
        _at += width;
        _year = full ? year : year + (year >= 69 ? 1900 : 2000);
        return true;
    }

    private bool ReadName(string[] names, bool abbreviated, out int index)
    {
        for (index = 0; index < names.Length; index++)
        {
            var name = abbreviated ? names[index].AsSpan(0, 3) : names[index];
            if (!Rest.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                continue;
            _at += name.Length;
            return true;
        }

        index = -1;
        return false;
    }

    private bool ReadNumber(bool fixedWidth, out int number)
    {
        if (TryNumber(Rest, fixedWidth, out number, out var width))
        {
            _at += width;
            return true;
        }

        return false;
    }

    private bool ReadYearDay(bool fixedWidth)
    {
        for (var i = 0; i < 2 && !fixedWidth && Rest.StartsWith(' '); i++)
            _at++;
        var width = 0;
        var number = 0;
        while (width < 3 && width < Rest.Length && char.IsAsciiDigit(Rest[width]))
            number = (number * 10) + (Rest[width++] - '0');
        if (width == 0 || (fixedWidth && width != 3))
            return false;
        _yearDay = number;
        _at += width;
        return true;
    }

    private bool ReadSecond(in LayoutChunk chunk)
    {
        if (!ReadNumber(chunk.Part == LayoutPart.ZeroSecond, out _second) || !InRange(_second < 60, "second"))
            return false;
        // A fraction that the layout does not mention is read all the same.
        if (!StartsFraction() || GoLayout.Next(_layout, chunk.End).Part is LayoutPart.FractionZeros or LayoutPart.FractionNines)
            return true;
        return ReadFraction(FractionLength());
    }

    private bool StartsFraction() => Rest.Length >= 2 && Rest[0] is '.' or ',' && Rest.Length >= 2 && char.IsAsciiDigit(Rest[1]);

    private int FractionLength()
    {
        var end = Rest[1..].IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? Rest.Length : end + 1;
    }

    private bool ReadFraction(int length)
    {
        if (Rest.Length < length || Rest[0] is not ('.' or ','))
            return false;
        var digits = Rest[1..Math.Min(length, 10)];
        if (!TryInteger(digits, out var number))
            return false;
        if (!InRange(number >= 0, "fractional second"))
            return false;
        for (var i = digits.Length; i < 9; i++)
            number *= 10;
        _nanosecond = number;
        _at += length;
        return true;
    }

    private bool ReadHalf(bool upper)
    {
        if (Rest.Length < 2)
            return false;
        var half = Rest[..2];
        if (half.SequenceEqual(upper ? "PM" : "pm"))
            _pm = true;
        else if (half.SequenceEqual(upper ? "AM" : "am"))
            _am = true;
        else
            return false;
        _at += 2;
        return true;
    }

    /// <summary>Passes over the abbreviation of a zone; which offset it means is unknown, so UTC is taken, as in Go.</summary>
    private bool ReadZoneName()
    {
        var length = Rest.StartsWith("UTC") ? 3 : ZoneNameLength(Rest);
        _at += length;
        return length > 0;
    }

    private static int ZoneNameLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 3)
            return 0;
        if (text.StartsWith("ChST") || text.StartsWith("MeST"))
            return 4;
        if (text.StartsWith("GMT"))
            return 3 + SignedOffsetLength(text[3..]);
        if (text[0] is '+' or '-')
            return SignedOffsetLength(text);
        var upper = text.IndexOfAnyExceptInRange('A', 'Z');
        if (upper < 0)
            upper = text.Length;
        return upper switch
        {
            3 => 3,
            4 when text[3] == 'T' || text.StartsWith("WITA") => 4,
            5 when text[4] == 'T' => 5,
            _ => 0,
        };
    }

    private static int SignedOffsetLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] is not ('+' or '-'))
            return 0;
        var end = text[1..].IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? text[1..] : text[1..(end + 1)];
        return !digits.IsEmpty && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours <= 23
            ? 1 + digits.Length
            : 0;
    }

    private bool ReadNumericZone(in LayoutChunk chunk)
    {
        if (chunk.UtcAsZ && Rest.StartsWith('Z'))
        {
            _at++;
            return true;
        }

        var style = chunk.Style;
        var text = Rest;
        if (text.Length < style.Length + 1)
            return false;
        Span<int> parts = [0, 0, 0];
        var count = 0;
        for (var i = 0; i < style.Length; i += 2)
        {
            if (style[i] == ':' && text[++i] != ':')
                return false;
            if (!TryNumber(text.Slice(i + 1, 2), fixedWidth: true, out parts[count++], out _))
                return false;
        }

        // Some people write offsets of 24 hours, 60 minutes or 60 seconds.
        if (!InRange(parts[0] <= 24, "time zone offset hour") || !InRange(parts[1] <= 60, "time zone offset minute")
            || !InRange(parts[2] <= 60, "time zone offset second") || text[0] is not ('+' or '-'))
            return false;
        _offset = (((parts[0] * 60) + parts[1]) * 60) + parts[2];
        if (text[0] == '-')
            _offset = -_offset;
        _at += style.Length + 1;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, bool fixedWidth, out int number, out int width)
    {
        number = 0;
        width = 0;
        if (text.IsEmpty || !char.IsAsciiDigit(text[0]))
            return false;
        width = text.Length > 1 && char.IsAsciiDigit(text[1]) ? 2 : 1;
        if (fixedWidth && width == 1)
            return false;
        number = width == 2 ? ((text[0] - '0') * 10) + (text[1] - '0') : text[0] - '0';
        return true;
    }

    private static bool TryInteger(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
