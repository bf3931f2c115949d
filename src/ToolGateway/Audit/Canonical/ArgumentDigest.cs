using System.Security.Cryptography;
using ToolGateway.Audit.Records;
using ToolGateway.ToolCalls;

namespace ToolGateway.Audit.Canonical;

/// <summary>
/// Keyed digest of a call's arguments: who holds the key can tell whether given arguments were the ones of a call; who reads the log cannot guess them.
/// </summary>
internal sealed class ArgumentDigest
{
    /// <summary>A keyed hash that is kept costs a third of one that is set up for each digest.</summary>
    [ThreadStatic]
    private static State? _state;

    private readonly byte[] _key;
    private readonly byte[] _prefix;

    public ArgumentDigest(byte[] key)
    {
        _key = key;
        KeyId = Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 4));
        _prefix = System.Text.Encoding.ASCII.GetBytes($"hmac-sha-256:{KeyId}:");
    }

    /// <summary>Names the key without telling it: the first 32 bits of its SHA-256.</summary>
    public string KeyId { get; }

    /// <summary>Appends the digest of the call's arguments as a JSON string.</summary>
    public void Append(RecordBuffer target, ToolCall call)
    {
        var state = _state?.Owner == this ? _state : _state = new State(this, IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key));
        state.Writer.Clear();
        Arguments(state.Writer, call);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        state.Hash.AppendData(state.Writer.Output.Written);
        state.Hash.GetHashAndReset(digest);
        target.Raw((byte)'"');
        target.Raw(_prefix);
        target.HexLower(digest);
        target.Raw((byte)'"');
    }

    /// <summary>
    /// Keyed form of the plain digest that a streamed body leaves: the HMAC of its text, such as <c>sha-256:…</c>. A plain one would let who reads the log try
    /// short bodies.
    /// </summary>
    public string OfBody(string plain) => $"hmac-sha-256:{KeyId}:{Convert.ToHexStringLower(HMACSHA256.HashData(_key, System.Text.Encoding.UTF8.GetBytes(plain)))}";

    /// <summary>The document <c>context.arguments</c> in canonical form; its member names are written in order.</summary>
    private static void Arguments(JcsWriter writer, ToolCall call)
    {
        writer.Output.Raw((byte)'{');
        if (call.Mcp is { } mcp)
        {
            if (mcp.Arguments is { } arguments)
            {
                writer.Output.Raw("\"body\":"u8);
                writer.Value(arguments);
                writer.Output.Raw((byte)',');
            }
        }
        else if (!call.Body.IsEmpty)
        {
            writer.Output.Raw("\"body\":"u8);
            writer.Json(call.Body.Span);
            writer.Output.Raw((byte)',');
        }

        if (call.HeaderArguments is { } headers)
        {
            writer.Output.Raw("\"headers\":"u8);
            writer.Value(headers);
            writer.Output.Raw((byte)',');
        }

        writer.Output.Raw("\"path\":"u8);
        writer.Value(call.PathArguments);
        writer.Output.Raw(",\"query\":"u8);
        writer.Value(call.QueryArguments);
        writer.Output.Raw((byte)'}');
    }

    private sealed class State(ArgumentDigest owner, IncrementalHash hash)
    {
        public ArgumentDigest Owner { get; } = owner;

        public IncrementalHash Hash { get; } = hash;

        public JcsWriter Writer { get; } = new();
    }
}
