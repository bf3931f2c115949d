using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace ToolGateway.Identity.Tokens;

/// <summary>The header of a compact JWS, checked before any library looks at the token.</summary>
internal sealed record TokenHeader(string Algorithm, string? KeyId, string? Type)
{
    private static readonly SearchValues<char> TokenChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Members that let the sender choose the key, change the meaning of the signature, or announce another kind of token.</summary>
    private static readonly string[] Refused = ["crit", "jwk", "jku", "x5c", "x5u", "b64", "enc", "zip"];

    /// <summary>Reads the header of <paramref name="token"/>; null with a problem that is safe to show.</summary>
    public static TokenHeader? Read(string token, out string problem)
    {
        problem = "the token is not a signed JWT in compact form";
        if (token.Length > BearerToken.MaxLength)
            problem = $"the token is longer than {BearerToken.MaxLength} characters";
        else if (HasThreeParts(token) && TryDecode(token.AsSpan(0, token.IndexOf('.', StringComparison.Ordinal)), out var json))
            return ReadJson(json, ref problem);
        return null;
    }

    /// <summary>Decodes one part of a token.</summary>
    public static bool TryDecode(ReadOnlySpan<char> part, out byte[] bytes)
    {
        bytes = new byte[Base64Url.GetMaxDecodedLength(part.Length)];
        if (Base64Url.DecodeFromChars(part, bytes, out _, out var written) != OperationStatus.Done)
            return false;
        Array.Resize(ref bytes, written);
        return true;
    }

    private static bool HasThreeParts(ReadOnlySpan<char> token)
    {
        if (token.ContainsAnyExcept(TokenChars) || token.Count('.') != 2)
            return false;
        foreach (var range in token.Split('.'))
        {
            if (token[range].IsEmpty)
                return false;
        }

        return true;
    }

    private static TokenHeader? ReadJson(byte[] json, ref string problem)
    {
        try
        {
            using var document = StrictJson.Parse(json);
            var header = document.RootElement;
            if (Array.Find(Refused, member => header.TryGetProperty(member, out _)) is { } refused)
            {
                problem = $"the token's header has '{refused}', which is not accepted";
                return null;
            }

            return Text(header, "alg") is { } algorithm ? new TokenHeader(algorithm, Text(header, "kid"), Text(header, "typ")) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a member of another type, or text that is not Unicode.
            return null;
        }
    }

    private static string? Text(JsonElement header, string name) => header.TryGetProperty(name, out var value) ? value.GetString() ?? "" : null;
}
