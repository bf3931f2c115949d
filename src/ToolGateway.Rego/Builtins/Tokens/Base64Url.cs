namespace ToolGateway.Rego.Builtins.Tokens;

/// <summary>Base64url with or without padding, as OPA reads it.</summary>
internal static class Base64Url
{
    /// <summary>The bytes, or null with Go's text in <paramref name="error"/>.</summary>
    public static byte[]? Decode(string text, out string error)
    {
        error = "";
        var padded = text;
        if (!text.EndsWith('='))
        {
            if (text.Length % 4 == 1)
            {
                error = $"illegal base64url string: {text}";
                return null;
            }

            padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        }

        if (Base64.TryDecode(padded, urlSafe: true, out var fault) is { } bytes)
            return bytes;
        error = $"illegal base64 data at input byte {fault}";
        return null;
    }

    public static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
