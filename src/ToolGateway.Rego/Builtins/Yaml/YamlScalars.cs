using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using ToolGateway.Rego.Builtins.Format;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>What a scalar means: YAML 1.1, as far as OPA's library reads it.</summary>
internal static partial class YamlScalars
{
    private const string Prefix = "tag:yaml.org,2002:";

    /// <summary>The value of a scalar, or null and what is wrong with it.</summary>
    public static RegoValue? Resolve(string text, string? tag, bool plain, out string? error)
    {
        error = null;
        var kind = tag switch
        {
            null or "!" => plain && tag is null ? "" : "str",
            _ when tag.StartsWith("!!", StringComparison.Ordinal) => tag[2..],
            _ when tag.StartsWith("!<" + Prefix, StringComparison.Ordinal) => tag[(2 + Prefix.Length)..].TrimEnd('>'),
            _ => "str",
        };
        var value = kind is "" or "null" or "bool" or "int" or "float" ? Implicit(text) : new RegoString(text);
        var fits = kind switch
        {
            "null" => value is RegoNull,
            "bool" => value is RegoBoolean,
            "int" or "float" => value is RegoNumber,
            "binary" => Base64.TryDecode(text, urlSafe: false, out _) is { } bytes && (value = new RegoString(Runes.Decode(bytes))) is not null,
            _ => value is not null,
        };
        if (fits)
            return value;
        error = value is null ? $"json: unsupported value: {text}" : $"cannot decode !!str `{text}` as a !!{kind}";
        return null;
    }

    /// <summary>Whether a plain scalar of this text is a string.</summary>
    public static bool IsString(string text) => Implicit(text) is RegoString;

    // Null for infinities and NaN, which JSON does not have.
    private static RegoValue? Implicit(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return RegoNull.Value;
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                return RegoBoolean.True;
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                return RegoBoolean.False;
            case ".nan" or ".NaN" or ".NAN" or ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF":
                return null;
            default:
                return text[0] is '+' or '-' or '.' or (>= '0' and <= '9') && Number(text) is { } number ? number : new RegoString(text);
        }
    }

    private static RegoNumber? Number(string text)
    {
        var compact = text.Replace("_", "", StringComparison.Ordinal);
        if (text[0] != '.' && Integer(compact) is { } integer)
            return RegoNumber.Of(integer);
        if (!Float().IsMatch(text[0] == '.' ? text : compact) ||
            !double.TryParse(compact, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) || double.IsInfinity(real))
            return null;
        return RegoNumber.Parse(GoFloat.Json(real));
    }

    // Go's ParseInt with base 0, within 64 bits (unsigned when positive).
    private static BigInteger? Integer(string text)
    {
        var negative = text[0] == '-';
        var digits = text[0] is '+' or '-' ? text[1..] : text;
        var radix = digits.Length > 1 && digits[0] == '0' ? char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 10;
        var body = radix is 0 ? digits[1..] : radix == 10 ? digits : digits[2..];
        if (body.Length is 0 or > 64)
            return null;
        var value = BigInteger.Zero;
        foreach (var c in body)
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiHexDigit(c) ? (c | 0x20) - 'a' + 10 : 99;
            if (digit >= (radix == 0 ? 8 : radix))
                return null;
            value = (value * (radix == 0 ? 8 : radix)) + digit;
        }

        value = negative ? -value : value;
        return value >= long.MinValue && value <= (text[0] is '+' or '-' ? long.MaxValue : ulong.MaxValue) ? value : null;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Float();
}
