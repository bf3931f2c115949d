using System.Security.Cryptography;
using System.Text;
using ToolGateway.Identity;

namespace ToolGateway.ToolCalls.Mcp;

/// <summary>
/// The gateway's own session ids: the upstream's id, sealed together with whom it was given to. Nothing is kept, and an id says nothing to whoever else finds it.
/// </summary>
internal sealed class McpSessionIds(byte[] key, TimeProvider clock) : IDisposable
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int ExpiryLength = 8;
    private const int MaxLength = 2048;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    // One cipher serves one thread at a time: it keeps the nonce of the operation under way.
    private readonly Lock _lock = new();
    private readonly AesGcm _cipher = new(key, TagLength);

    /// <summary>The id for the caller.</summary>
    public string Seal(string upstreamId, Caller caller, Tool tool)
    {
        var plain = new byte[ExpiryLength + Encoding.UTF8.GetByteCount(upstreamId)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(plain, (clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds());
        Encoding.UTF8.GetBytes(upstreamId, plain.AsSpan(ExpiryLength));
        var token = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(token.AsSpan(0, NonceLength));
        var holder = Encoding.UTF8.GetBytes(McpHolder.Of(caller, tool));
        lock (_lock)
            _cipher.Encrypt(token.AsSpan(0, NonceLength), plain, token.AsSpan(NonceLength + TagLength), token.AsSpan(NonceLength, TagLength), holder);
        return System.Buffers.Text.Base64Url.EncodeToString(token);
    }

    /// <summary>The upstream's id, or null when the id was not given to this caller for this tool, or has expired.</summary>
    public string? Open(string sessionId, Caller caller, Tool tool)
    {
        if (sessionId.Length > MaxLength || !System.Buffers.Text.Base64Url.IsValid(sessionId))
            return null;
        var token = System.Buffers.Text.Base64Url.DecodeFromChars(sessionId);
        if (token.Length < NonceLength + TagLength + ExpiryLength)
            return null;
        var plain = new byte[token.Length - NonceLength - TagLength];
        var holder = Encoding.UTF8.GetBytes(McpHolder.Of(caller, tool));
        try
        {
            lock (_lock)
                _cipher.Decrypt(token.AsSpan(0, NonceLength), token.AsSpan(NonceLength + TagLength), token.AsSpan(NonceLength, TagLength), plain, holder);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        var expiry = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(plain);
        return clock.GetUtcNow().ToUnixTimeSeconds() < expiry ? Encoding.UTF8.GetString(plain.AsSpan(ExpiryLength)) : null;
    }

    public void Dispose() => _cipher.Dispose();
}
