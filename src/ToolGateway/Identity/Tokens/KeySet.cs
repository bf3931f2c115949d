using System.Security.Cryptography;
using System.Text.Json;

namespace ToolGateway.Identity.Tokens;

/// <summary>The keys that a signer publishes. Tokens are remembered only as long as the very set that verified them is the current one.</summary>
internal sealed class KeySet
{
    private readonly VerificationKey[] _keys;
    private readonly byte[] _digest;

    public KeySet(IEnumerable<VerificationKey> keys, byte[] digest)
    {
        _keys = [.. keys];
        _digest = digest;
    }

    public int Count => _keys.Length;

    /// <summary>When keys end, of those that say so.</summary>
    public IEnumerable<DateTimeOffset> Ends => _keys.Select(static key => key.EndsAt).OfType<DateTimeOffset>();

    /// <summary>Reads a JWK Set; keys that cannot be used are left out and noted in <paramref name="problems"/>.</summary>
    /// <exception cref="JsonException">It is not a JWK Set.</exception>
    public static KeySet Parse(ReadOnlyMemory<byte> json, List<string> problems)
    {
        using var document = StrictJson.Parse(json);
        var keys = new List<VerificationKey>();
        var index = 0;
        foreach (var jwk in StrictJson.Keys(document))
        {
            if (IsForSignatures(jwk) && VerificationKey.Read(jwk, out var problem) is var key)
            {
                if (problem is not null)
                    problems.Add($"key {index} {problem}");
                if (key is not null)
                    keys.Add(key);
            }

            index++;
        }

        if (index > 0 && keys.Count == 0 && problems.Count == 0)
            problems.Add("no key in it verifies signatures; kty must be RSA or EC, and use absent or sig (\"keys\": [] revokes every key)");
        return new KeySet(keys, SHA256.HashData(json.Span));
    }

    /// <summary>
    /// The key for a token's header: the one called <paramref name="keyId"/> that can verify <paramref name="algorithm"/>. A header without a key id
    /// names a key only when the set has no other.
    /// </summary>
    public VerificationKey? Find(string? keyId, string algorithm)
    {
        if (keyId is null)
            return _keys is [var only] && only.Algorithms.Contains(algorithm) ? only : null;
        foreach (var key in _keys)
        {
            if (key.KeyId == keyId && key.Algorithms.Contains(algorithm))
                return key;
        }

        return null;
    }

    public bool HasSameContent(KeySet other) => _digest.AsSpan().SequenceEqual(other._digest);

    private static bool IsForSignatures(JsonElement jwk) =>
        !jwk.TryGetProperty("use", out var use) || (use.ValueKind == JsonValueKind.String && use.GetString() == "sig");
}
