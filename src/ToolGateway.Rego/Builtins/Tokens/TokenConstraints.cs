using System.Globalization;
using ToolGateway.Rego.Builtins.Cryptography;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Tokens;

/// <summary>What io.jwt.decode_verify is asked to check.</summary>
internal sealed class TokenConstraints
{
    private const double NanosecondsPerSecond = 1_000_000_000;

    private List<TokenKey>? _keys;
    private string _secret = "";
    private string _algorithm = "";
    private string _issuer = "";
    private string _audience = "";
    private double _time = -1;

    public static TokenConstraints? Read(RegoObject constraints, long nowNanoseconds, out string error)
    {
        var result = new TokenConstraints();
        foreach (var (key, value) in constraints.Members)
        {
            error = result.Set((key as RegoString)?.Value ?? key.ToString(), value);
            if (error.Length > 0)
                return null;
        }

        if (result._time < 0)
            result._time = nowNanoseconds;
        error = result._keys is not null && result._secret.Length > 0 ? "duplicate key constraints"
            : result._keys is null && result._secret.Length == 0 ? "no key constraint"
            : "";
        return error.Length == 0 ? result : null;
    }

    public bool Allows(TokenHeader header) => header.IsValid && (_algorithm.Length == 0 || _algorithm == header.Algorithm);

    public bool Verifies(TokenHeader header, Jwt token, byte[] signature)
    {
        var keys = _keys ?? [new TokenKey(new SecretKey(System.Text.Encoding.UTF8.GetBytes(_secret)), "", "")];
        return TokenKeys.AnyVerifies(keys, header.KeyId, header.Algorithm, header.Algorithm, token, signature);
    }

    /// <summary>Whether the claims meet the constraints; null with the reason in <paramref name="error"/> when they cannot be read.</summary>
    public bool? Allow(RegoObject claims, out string error)
    {
        error = "";
        if (_issuer.Length > 0 && !(claims.TryGetValue("iss", out var issuer) && issuer is RegoString { Value: var name } && name == _issuer))
            return false;
        if (claims.TryGetValue("aud", out var audience) ? !IsAudience(audience) : _audience.Length > 0)
            return false;
        var now = RegoNumber.Parse((_time / NanosecondsPerSecond).ToString("R", CultureInfo.InvariantCulture));
        foreach (var claim in (ReadOnlySpan<string>)["exp", "nbf"])
        {
            if (!claims.TryGetValue(claim, out var value))
                continue;
            if (value is not RegoNumber limit)
            {
                error = $"{claim} value must be a number";
                return null;
            }

            var order = RegoNumber.Compare(now, limit);
            if (claim == "exp" ? order >= 0 : order < 0)
                return false;
        }

        return true;
    }

    private bool IsAudience(RegoValue audience) => audience switch
    {
        RegoString text => text.Value == _audience,
        RegoArray list => list.Any(item => item is RegoString text && text.Value == _audience),
        _ => false,
    };

    private string Set(string name, RegoValue value)
    {
        var error = "";
        switch (name)
        {
            case "cert":
                if (value is not RegoString certificate)
                    return "cert constraint: must be a string";
                _keys = TokenKeys.Read(certificate.Value, out error);
                break;
            case "secret":
                _secret = Text(name, value, ref error);
                break;
            case "alg":
                _algorithm = Text(name, value, ref error);
                break;
            case "iss":
                _issuer = Text(name, value, ref error);
                break;
            case "aud":
                _audience = Text(name, value, ref error);
                break;
            case "time":
                return SetTime(value);
            default:
                return $"unknown token validation constraint: {name}";
        }

        return error;
    }

    private string SetTime(RegoValue value)
    {
        if (value is not RegoNumber number)
            return "token time constraint: must be a number";
        _time = number.ToDouble();
        return _time < 0 ? "token time constraint: must not be negative" : "";
    }

    private static string Text(string name, RegoValue value, ref string error)
    {
        if (value is RegoString text)
            return text.Value;
        error = $"{name} constraint: must be a string";
        return "";
    }
}
