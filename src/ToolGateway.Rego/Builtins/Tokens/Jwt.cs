using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Tokens;

/// <summary>The three parts of a token, still encoded.</summary>
internal sealed record Jwt(string Header, string Payload, string Signature)
{
    /// <summary>What is signed.</summary>
    public byte[] Signed => Encoding.UTF8.GetBytes($"{Header}.{Payload}");

    public static Jwt? Split(string text, out string error)
    {
        error = "";
        var parts = text.Split('.');
        if (parts.Length == 3)
            return new Jwt(parts[0], parts[1], parts[2]);
        error = parts.Length == 1 ? "encoded JWT had no period separators" : $"encoded JWT must have 3 sections, found {parts.Length}";
        return null;
    }

    public RegoObject? DecodeHeader(out string error)
    {
        if (Base64Url.Decode(Header, out error) is not { } bytes)
        {
            error = $"JWT header had invalid encoding: {error}";
            return null;
        }

        if (ReadObject(bytes, out error) is not { } header)
        {
            error = $"bad JWT header: {error}";
            return null;
        }

        if (!header.TryGetValue("enc", out _))
            return header;
        error = "JWT is a JWE object, which is not supported";
        return null;
    }

    public byte[]? DecodePayload(out string error)
    {
        var bytes = Base64Url.Decode(Payload, out error);
        if (bytes is null)
            error = $"JWT payload had invalid encoding: {error}";
        return bytes;
    }

    public static RegoObject? ReadObject(byte[] json, out string error)
    {
        error = "";
        if (!RegoJson.TryParse(Encoding.UTF8.GetString(json), out var value, out var reason))
            error = $"invalid JSON: {reason}";
        else if (value is RegoObject map)
            return map;
        else
            error = "decoded JSON type was not an Object";
        return null;
    }
}
