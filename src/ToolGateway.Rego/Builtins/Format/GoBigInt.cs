using System.Numerics;

namespace ToolGateway.Rego.Builtins.Format;

/// <summary>Integers beyond 64 bits, which Go prints by a formatter of their own.</summary>
internal static class GoBigInt
{
    public static string? Text(BigInteger value, char verb, GoFlags flags)
    {
        var radix = verb switch { 'b' => 2, 'o' or 'O' => 8, 'd' or 's' or 'v' => 10, 'x' or 'X' => 16, _ => 0 };
        if (radix == 0)
            return null;
        var sign = value.Sign < 0 ? "-" : flags.Plus ? "+" : flags.Space ? " " : "";
        var prefix = verb == 'O' ? "0o" : flags.Sharp ? verb switch { 'b' => "0b", 'o' => "0", 'x' => "0x", 'X' => "0X", _ => "" } : "";
        var digits = GoNumbers.Integer(BigInteger.Abs(value), radix, verb == 'X');
        digits = digits.PadLeft(flags.Precision ?? 0, '0');
        var missing = (flags.Width ?? 0) - sign.Length - prefix.Length - digits.Length;
        if (missing <= 0)
            return sign + prefix + digits;
        if (flags.Minus)
            return sign + prefix + digits + new string(' ', missing);
        return flags.Zero && flags.Precision is null
            ? sign + prefix + new string('0', missing) + digits
            : new string(' ', missing) + sign + prefix + digits;
    }
}
