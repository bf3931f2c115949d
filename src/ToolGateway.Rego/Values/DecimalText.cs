using System.Globalization;
using System.Numerics;

namespace ToolGateway.Rego.Values;

/// <summary>
/// A decimal number taken apart: sign × 0.<see cref="Digits"/> × 10^<see cref="Magnitude"/>, without leading or trailing zeros. Order and equality
/// look only at this form, so that a number such as 1e1000000000 costs no more than its text.
/// </summary>
internal sealed class DecimalText
{
    /// <summary>Exponents beyond this are refused by arithmetic and conversions; OPA's parser refuses literals beyond 2^±100000 for the same reason.</summary>
    public const int MaxMagnitude = 31_000;

    private static readonly DecimalText Zero = new(0, "", 0, inFull: true);

    private readonly bool _inFull;

    private DecimalText(int sign, string digits, long magnitude, bool inFull)
    {
        _inFull = inFull;
        Sign = sign;
        Digits = digits;
        Magnitude = magnitude;
    }

    public int Sign { get; }

    public string Digits { get; }

    public long Magnitude { get; }

    public bool IsInteger => Magnitude >= Digits.Length;

    /// <summary>Whether the value is close enough to 1 to be calculated with, or is no larger than its text.</summary>
    public bool IsModerate => _inFull || Math.Abs(Magnitude) <= MaxMagnitude;

    /// <summary>Takes apart a JSON number.</summary>
    public static DecimalText Parse(string text)
    {
        var negative = text[0] == '-';
        var end = text.AsSpan().IndexOfAny('e', 'E');
        var exponent = end < 0 ? 0 : ParseExponent(text.AsSpan(end + 1));
        var mantissa = text.AsSpan(negative ? 1 : 0, (end < 0 ? text.Length : end) - (negative ? 1 : 0));
        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? [] : mantissa[(point + 1)..];
        var digits = string.Concat(whole, fraction);
        var first = digits.AsSpan().IndexOfAnyExcept('0');
        if (first < 0)
            return Zero;
        return new DecimalText(negative ? -1 : 1, digits[first..].TrimEnd('0'), whole.Length - first + exponent, inFull: end < 0);
    }

    public static int Compare(DecimalText a, DecimalText b)
    {
        if (a.Sign != b.Sign)
            return a.Sign.CompareTo(b.Sign);
        var order = a.Magnitude.CompareTo(b.Magnitude);
        if (order == 0)
            order = string.CompareOrdinal(a.Digits, b.Digits);
        return a.Sign < 0 ? -Math.Sign(order) : Math.Sign(order);
    }

    public bool TryGetInt64(out long value)
    {
        value = 0;
        return IsInteger && Magnitude <= 19 && Integer() is var big && big >= long.MinValue && big <= long.MaxValue && Assign((long)big, out value);
    }

    /// <summary>The integer; call only when <see cref="IsInteger"/> and <see cref="IsModerate"/>.</summary>
    public BigInteger Integer()
    {
        if (Sign == 0)
            return BigInteger.Zero;
        var digits = BigInteger.Parse(Digits, NumberStyles.None, CultureInfo.InvariantCulture);
        var scale = (int)(Magnitude - Digits.Length);
        return (scale == 0 ? digits : digits * BigInteger.Pow(10, scale)) * Sign;
    }

    public override int GetHashCode() =>
        TryGetInt64(out var integer) ? HashOf(integer) : HashCode.Combine(Sign, Magnitude, string.GetHashCode(Digits, StringComparison.Ordinal));

    public override bool Equals(object? obj) => obj is DecimalText other && Compare(this, other) == 0;

    /// <summary>Both halves are mixed with the process's random seed: chosen integers must not collide.</summary>
    public static int HashOf(long integer) => HashCode.Combine((int)integer, (int)(integer >> 32));

    private static bool Assign(long from, out long to)
    {
        to = from;
        return true;
    }

    private static long ParseExponent(ReadOnlySpan<char> text)
    {
        // An exponent of more than fifteen digits is beyond anything; keeping it in range of a long keeps the order of its sign.
        const long Beyond = 1_000_000_000_000_000;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
            return Math.Clamp(exponent, -Beyond, Beyond);
        return text[0] == '-' ? -Beyond : Beyond;
    }
}
