using System.Globalization;
using System.Numerics;

namespace ToolGateway.Rego.Values;

/// <summary>A number of any size and precision. Integers that fit in 64 bits are kept as such; everything else keeps its decimal text.</summary>
public sealed class RegoNumber : RegoValue
{
    private const int CacheLow = -128;
    private const int CacheHigh = 1023;
    private static readonly RegoNumber[] Cache = MakeCache();

    private readonly long _integer;
    private readonly string? _text;
    private DecimalText? _decimal;

    private RegoNumber(long integer)
        : base(RegoKind.Number) => _integer = integer;

    private RegoNumber(string text)
        : base(RegoKind.Number) => _text = text;

    /// <summary>Whether the value is written as a 64-bit integer (2 is, 2.0 is not).</summary>
    public bool IsInt64 => _text is null;

    private DecimalText Decimal => _decimal ??= DecimalText.Parse(ToText());

    /// <summary>The number <paramref name="value"/>.</summary>
    public static RegoNumber Of(long value) => value is >= CacheLow and <= CacheHigh ? Cache[value - CacheLow] : new(value);

    /// <summary>The number <paramref name="value"/>.</summary>
    public static RegoNumber Of(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? Of((long)value) : new(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>The number that <paramref name="literal"/>, a JSON number, denotes. Its text is kept for output.</summary>
    public static RegoNumber Parse(string literal) =>
        long.TryParse(literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) && literal != "-0" ? Of(integer) : new(literal);

    /// <summary>The value as a 64-bit integer, when it is one exactly (2.0 is 2).</summary>
    public bool TryGetInt64(out long value)
    {
        value = _integer;
        return _text is null || Decimal.TryGetInt64(out value);
    }

    /// <summary>The value as an integer of any size, when it is one exactly and its size is within reason (at most 31,000 digits, or written in full).</summary>
    public bool TryGetBigInteger(out BigInteger value)
    {
        value = _integer;
        if (_text is null)
            return true;
        if (!Decimal.IsInteger || !Decimal.IsModerate)
            return false;
        value = Decimal.Integer();
        return true;
    }

    /// <summary>The nearest double; infinite beyond its range.</summary>
    public double ToDouble() => _text is null ? _integer : double.Parse(_text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>The decimal text, as OPA prints it.</summary>
    public string ToText() => _text ?? _integer.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? DecimalText.HashOf(_integer) : Decimal.GetHashCode();

    /// <summary>The number that arithmetic gave.</summary>
    internal static RegoNumber Of(BigFloat value) => Parse(BigFloatText.Shortest(value));

    /// <summary>The value as arithmetic sees it, unless its exponent is beyond all reason.</summary>
    internal bool TryGetFloat(out BigFloat value)
    {
        value = default;
        if (_text is null)
            value = BigFloat.From(_integer);
        else if (Decimal.IsModerate)
            value = BigFloat.From(Decimal, _text[0] == '-');
        else
            return false;
        return true;
    }

    /// <summary>Numerical order, exact.</summary>
    internal static int Compare(RegoNumber a, RegoNumber b)
    {
        if (a._text is null && b._text is null)
            return a._integer.CompareTo(b._integer);
        return string.Equals(a._text, b._text, StringComparison.Ordinal) ? 0 : DecimalText.Compare(a.Decimal, b.Decimal);
    }

    private static RegoNumber[] MakeCache()
    {
        var cache = new RegoNumber[CacheHigh - CacheLow + 1];
        for (var i = 0; i < cache.Length; i++)
            cache[i] = new RegoNumber(i + CacheLow);
        return cache;
    }
}
