using System.Security.Cryptography;
using System.Text;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Writing;

/// <summary>Where the chain stands: its id, the last sequence number and the last hash.</summary>
internal sealed class ChainState : IDisposable
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _prev;
    private readonly byte[] _savedPrev = new byte[LineFormat.HashHexLength];
    private long _savedSeq;

    public ChainState(ReadOnlySpan<byte> chain, long seq, ReadOnlySpan<byte> prev)
    {
        Chain = chain.ToArray();
        Seq = seq;
        _prev = prev.ToArray();
    }

    public byte[] Chain { get; }

    public long Seq { get; private set; }

    public ReadOnlySpan<byte> Prev => _prev;

    public string ChainText => Encoding.ASCII.GetString(Chain);

    public string PrevText => Encoding.ASCII.GetString(_prev);

    /// <summary>A chain that begins.</summary>
    public static ChainState Begin() =>
        new(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(LineFormat.ChainIdLength / 2))), 0, LineFormat.NoHash);

    /// <summary>Leaves numbers out, so that records known to be missing show as a gap.</summary>
    public void SkipTo(long seq) => Seq = Math.Max(Seq, seq);

    public void Append(RecordBuffer lines, ReadOnlySpan<byte> body) => LineFormat.Append(lines, Chain, ++Seq, body, _prev, _sha256);

    public void Save()
    {
        _savedSeq = Seq;
        _prev.CopyTo(_savedPrev, 0);
    }

    /// <summary>Goes back to the last <see cref="Save"/>: what was appended since did not reach the file.</summary>
    public void Restore()
    {
        Seq = _savedSeq;
        _savedPrev.CopyTo(_prev, 0);
    }

    public void Dispose() => _sha256.Dispose();
}
