using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;

namespace ToolGateway.Identity.Tokens;

/// <summary>Verified tokens by their SHA-256, until they expire or their signer's keys change.</summary>
internal sealed class RememberedTokens(TimeProvider clock) : IDisposable
{
    private const int MaxTokens = 10_000;
    private const int StackBytes = 4096;

    private readonly MemoryCache _tokens = new(new MemoryCacheOptions { SizeLimit = MaxTokens });

    // The server gives requests of one connection the same text object while the header stays the same. An entry ends with its text.
    private readonly ConditionalWeakTable<string, VerifiedToken> _byHeader = [];

    /// <summary>Number of tokens that are remembered.</summary>
    public int Count => _tokens.Count;

    public static void Digest(ReadOnlySpan<char> token, Span<byte> digest)
    {
        byte[]? rented = null;
        var length = Encoding.UTF8.GetMaxByteCount(token.Length);
        var bytes = length <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(length);
        var written = Encoding.UTF8.GetBytes(token, bytes);
        SHA256.HashData(bytes[..written], digest);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
    }

    /// <summary>The token of a header, if it is remembered.</summary>
    /// <param name="header">The whole header, which <paramref name="token"/> is part of.</param>
    public VerifiedToken? Find(string header, ReadOnlySpan<char> token, TrustMaterial trust)
    {
        if (_byHeader.TryGetValue(header, out var known) && IsGood(known, trust))
            return known;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Digest(token, digest);
        var found = Find(digest, trust);
        if (found is not null)
            _byHeader.AddOrUpdate(header, found);
        return found;
    }

    /// <summary>The token with this digest, if <paramref name="trust"/> still holds the rules and keys that it was verified with.</summary>
    public VerifiedToken? Find(ReadOnlySpan<byte> digest, TrustMaterial trust) =>
        _tokens.TryGetValue(Key(digest), out var value) && value is VerifiedToken token && IsGood(token, trust) ? token : null;

    public void Add(ReadOnlySpan<byte> digest, VerifiedToken token)
    {
        // It may have ended since it was verified, and the cache takes no time below one tick.
        var left = token.Credential.Expires - clock.GetUtcNow();
        if (left <= TimeSpan.Zero)
            return;
        using var entry = _tokens.CreateEntry(new string(Key(digest)));
        entry.Value = token;
        entry.Size = 1;
        entry.AbsoluteExpirationRelativeToNow = left;
    }

    public void Dispose() => _tokens.Dispose();

    /// <summary>The caller checks the time: that a token has ended is a refusal of its own.</summary>
    private static bool IsGood(VerifiedToken token, TrustMaterial trust) => trust.Uses(token.Rules) && ReferenceEquals(token.Rules.Keys.Current(), token.Keys);

    // A digest seen as text: the cache finds text without an allocation.
    private static ReadOnlySpan<char> Key(ReadOnlySpan<byte> digest) => MemoryMarshal.Cast<byte, char>(digest);
}
