using System.Globalization;

namespace ToolGateway.ToolCalls.Bodies;

/// <summary>Checks that a JSON number is the same number to every reader.</summary>
internal static class JsonNumbers
{
    private const int MaxSignificantDigits = 17;

    /// <summary>Whether <paramref name="literal"/> has at most 17 significant digits and lies in the range of a double.</summary>
    public static bool IsExact(ReadOnlySpan<byte> literal)
    {
        // Nothing this short can have too many digits, and without an exponent nothing is out of range.
        if (literal.Length <= MaxSignificantDigits && !literal.ContainsAny((byte)'e', (byte)'E'))
            return true;
        var significant = SignificantDigits(literal);
        if (significant > MaxSignificantDigits)
            return false;
        var value = double.Parse(literal, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) && (value != 0 || significant == 0);
    }

    /// <summary>Digits from the first to the last that is not zero.</summary>
    internal static int SignificantDigits(ReadOnlySpan<byte> literal)
    {
        var count = 0;
        var zeros = 0;
        foreach (var character in literal)
        {
            if (character is (byte)'e' or (byte)'E')
                break;
            if (character == (byte)'0')
            {
                // Leading zeros never count, others only when a digit follows.
                zeros += count > 0 ? 1 : 0;
            }
            else if (character is >= (byte)'1' and <= (byte)'9')
            {
                count += zeros + 1;
                zeros = 0;
            }
        }

        return count;
    }
}
