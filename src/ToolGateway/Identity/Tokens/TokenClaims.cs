using System.Text.Json;

namespace ToolGateway.Identity.Tokens;

/// <summary>The claims of a token, of the right types. Nothing here is to be believed before the signature was verified.</summary>
internal sealed class TokenClaims
{
    private const int MaxNameLength = 1024;
    private const double MaxDate = 253402300799;

    private readonly JsonElement _claims;

    private TokenClaims(JsonElement claims) => _claims = claims;

    public string? Issuer { get; private init; }

    public string? Subject { get; private init; }

    public string? ClientId { get; private init; }

    public string? JwtId { get; private init; }

    public string[] Audiences { get; private init; } = [];

    public DateTimeOffset? Expires { get; private init; }

    public DateTimeOffset? IssuedAt { get; private init; }

    public DateTimeOffset? NotBefore { get; private init; }

    /// <summary>Reads the payload of <paramref name="token"/>; null, with a problem that is safe to show, when a claim is malformed.</summary>
    public static TokenClaims? Read(string token, out string problem)
    {
        problem = "the token's claims are malformed: they must be one JSON object without a name twice";
        var first = token.IndexOf('.', StringComparison.Ordinal) + 1;
        if (!TokenHeader.TryDecode(token.AsSpan(first, token.LastIndexOf('.') - first), out var json))
            return null;
        try
        {
            using var document = StrictJson.Parse(json);
            return Read(document.RootElement.Clone());
        }
        catch (FormatException e)
        {
            problem = Malformed(e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not Unicode.
            return null;
        }

        return null;
    }

    /// <summary>The claim <paramref name="name"/> as it stands in the token, or null.</summary>
    public JsonElement? this[string name] => _claims.TryGetProperty(name, out var value) ? value : null;

    /// <summary>What to say of a claim whose name <paramref name="exception"/> has.</summary>
    public static string Malformed(FormatException exception) => $"the token's claim '{exception.Message}' is malformed";

    /// <summary>A text that can be a name: not empty, not long, without control characters. Null when it is absent.</summary>
    /// <exception cref="FormatException">It is there, and is something else.</exception>
    public static string? Name(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var value))
            return null;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is { Length: > 0 and <= MaxNameLength } && !text.Any(char.IsControl) ? text : throw new FormatException(name);
    }

    private static TokenClaims Read(JsonElement claims) => new(claims)
    {
        Issuer = Name(claims, "iss"),
        Subject = Name(claims, "sub"),
        ClientId = Name(claims, "client_id"),
        JwtId = Name(claims, "jti"),
        Audiences = ReadAudiences(claims),
        Expires = Date(claims, "exp"),
        IssuedAt = Date(claims, "iat"),
        NotBefore = Date(claims, "nbf"),
    };

    private static string[] ReadAudiences(JsonElement claims)
    {
        if (!claims.TryGetProperty("aud", out var audience))
            return [];
        JsonElement[] items = audience.ValueKind == JsonValueKind.Array ? [.. audience.EnumerateArray()] : [audience];
        return Array.TrueForAll(items, static item => item.ValueKind == JsonValueKind.String) ? [.. items.Select(static item => item.GetString()!)] : throw new FormatException("aud");
    }

    private static DateTimeOffset? Date(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= MaxDate
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : throw new FormatException(name);
    }
}
