using System.Diagnostics.CodeAnalysis;
using System.Text;
using ToolGateway.Rego.Builtins.Cryptography;
using ToolGateway.Rego.Builtins.Tokens;

namespace ToolGateway.Rego.Bundles;

/// <summary>A key that verifies the signatures of bundles. Immutable.</summary>
public sealed class RegoBundleKey
{
    private const int MinSecretBytes = 32;
    private const int MinRsaBytes = 2048 / 8;

    private readonly IReadOnlyList<TokenKey> _keys;

    private RegoBundleKey(string? id, IReadOnlyList<TokenKey> keys)
    {
        Id = id;
        _keys = keys;
    }

    /// <summary>The key's name. A signature that names another key is not checked with this one; without a name it is checked whatever the signature names.</summary>
    public string? Id { get; }

    /// <summary>
    /// Reads a public key in PEM (<c>PUBLIC KEY</c>, <c>RSA PUBLIC KEY</c>, <c>CERTIFICATE</c>), a JWK or key set, or else a shared secret. RSA keys verify RS and PS
    /// signatures, those on P-256, P-384 and P-521 ES, secrets HS: a signature cannot make one serve as another.
    /// </summary>
    /// <param name="text">The key. A secret counts as it is, white space included, and has at least 32 bytes.</param>
    /// <param name="id">The key's name, or null.</param>
    /// <param name="key">The key, when it is one.</param>
    /// <param name="error">What is wrong and the repair, otherwise; never the key.</param>
    public static bool TryParse(string text, string? id, [NotNullWhen(true)] out RegoBundleKey? key, [NotNullWhen(false)] out string? error)
    {
        var keys = LooksLikeKey(text) ? ReadKeys(text, out error) : ReadSecret(text, out error);
        key = keys is null ? null : new RegoBundleKey(id, keys);
        if (keys is not null)
            error = null;
        return key is not null;
    }

    /// <summary>The keys that may have made a signature which names <paramref name="keyId"/>, or no key.</summary>
    internal IEnumerable<TokenKey> For(string? keyId) =>
        keyId is null || Id is null || Id == keyId ? _keys.Where(key => keyId is null || Id is not null || key.Id.Length == 0 || key.Id == keyId) : [];

    /// <summary>What is or was meant to be a public key must never become a secret: everyone knows it, so that everyone could sign.</summary>
    private static bool LooksLikeKey(string text)
    {
        var start = text.AsSpan().TrimStart();
        return text.Contains("-----BEGIN", StringComparison.Ordinal) || start.StartsWith("{") || start.StartsWith("[")
            || start.StartsWith("ssh-") || start.StartsWith("ecdsa-") || IsBarePem(text);
    }

    private static bool IsBarePem(string text)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
            return false;
        var der = bytes.AsMemory(0, length);
        return (KeyReader.ReadPublic(der) ?? KeyReader.ReadPkcs1Public(der) ?? Certificate.Parse(der, out _)?.Key) is not null;
    }

    private static List<TokenKey>? ReadSecret(string text, out string error)
    {
        var secret = Encoding.UTF8.GetBytes(text);
        error = $"a shared secret has at least {MinSecretBytes} bytes (RFC 7518, 3.2), this one has {secret.Length}; make one with openssl rand -hex 32, or use a key pair";
        return secret.Length < MinSecretBytes ? null : [new TokenKey(new SecretKey(secret), "", "")];
    }

    private static List<TokenKey>? ReadKeys(string text, out string error)
    {
        var keys = Pem.Decode(text, out var rest) is { Type: "RSA PUBLIC KEY" } block && rest.Length == 0 && KeyReader.ReadPkcs1Public(block.Bytes) is { } rsa
            ? [new TokenKey(rsa, "", "")]
            : TokenKeys.Read(text, out _);
        error = "neither one public key (PEM block PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE), nor a JWK set; openssl pkey -pubout makes a public key of a private one";
        if (keys is not { Count: > 0 })
            return null;
        error = "a key of a kind that signs no bundles; use RSA of at least 2,048 bits, P-256, P-384, P-521, or a secret of at least 32 bytes";
        return keys.TrueForAll(IsStrong) ? keys : null;
    }

    private static bool IsStrong(TokenKey key) => key.Key switch
    {
        RsaKey rsa => rsa.Numbers.Modulus!.Length >= MinRsaBytes,
        SecretKey secret => secret.Bytes.Length >= MinSecretBytes,
        EcKey => true,
        _ => false,
    };
}
