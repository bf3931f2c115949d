using System.Security.Cryptography;

namespace ToolGateway.Audit.Checkpoints;

/// <summary>The key that signs checkpoints (ECDSA P-256, SHA-256).</summary>
internal sealed class SigningKey(ECDsa key) : IDisposable
{
    /// <summary>Names the key: the first 64 bits of the SHA-256 of its public half.</summary>
    public string Id { get; } = KeyId(key);

    public string PublicPem => key.ExportSubjectPublicKeyInfoPem() + "\n";

    public static string KeyId(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 8));

    public Checkpoint Sign(string chain, long seq, string hash, string time) =>
        new(chain, seq, hash, time, Id, key.SignData(Checkpoint.Statement(chain, seq, hash, time, Id), HashAlgorithmName.SHA256));

    public void Dispose() => key.Dispose();
}
