using System.Buffers;
using System.Security.Cryptography;
using ToolGateway.Audit.Checkpoints;
using ToolGateway.Audit.Writing;

namespace ToolGateway.Audit.Verification;

/// <summary>Verifies a log offline: every hash, the chain through all segments, every signature, and the end against checkpoints kept elsewhere.</summary>
internal sealed class AuditVerifier
{
    /// <summary>Where so much is wrong, more of it says nothing.</summary>
    private const int MaxFaults = 100;

    private readonly IReadOnlyDictionary<string, ECDsa> _keys;
    private readonly IReadOnlyList<Checkpoint> _anchors;
    private readonly HashSet<long> _wanted;
    private readonly Dictionary<long, string> _hashes = [];
    private readonly List<PrunedRange> _pruned = [];
    private readonly ChainCheck _chain = new();
    private Checkpoint? _signed;
    private int _checkpoints;

    /// <param name="keys">Public keys by id.</param>
    /// <param name="anchors">Checkpoints that the log must agree with.</param>
    public AuditVerifier(IReadOnlyDictionary<string, ECDsa> keys, IReadOnlyList<Checkpoint> anchors)
    {
        (_keys, _anchors) = (keys, anchors);
        _wanted = [.. anchors.Select(anchor => anchor.Seq)];
    }

    /// <summary>Verifies the log in a directory, or one segment.</summary>
    public VerifyReport Verify(string path, bool keysFromLog)
    {
        var segments = SegmentNames.Segments(path);
        var running = new Queue<(Task<BlockCheck> Check, byte[] Buffer)>();
        foreach (var block in segments.SelectMany(BlockReader.Read))
        {
            var captured = block;
            running.Enqueue((Task.Run(() => BlockCheck.Of(captured, _wanted)), block.Buffer));
            if (running.Count > Environment.ProcessorCount * 2)
                Follow(running.Dequeue());
            if (_chain.Faults.Count >= MaxFaults)
                break;
        }

        while (running.TryDequeue(out var last))
            Follow(last);
        _chain.Finish(_pruned, wholeLog: Directory.Exists(path));
        if (segments.Count == 0)
            _chain.Faults.Add(new(FaultKind.Truncated, Path.GetFileName(path), 0, null, "there is no segment of an audit log here"));
        foreach (var anchor in _anchors)
            CheckAnchor(anchor);
        return Report(segments.Count, keysFromLog);
    }

    private VerifyReport Report(int segments, bool keysFromLog) => new()
    {
        Faults = [.. _chain.Faults.OrderBy(fault => fault.File, StringComparer.Ordinal).ThenBy(fault => fault.Line == 0 ? long.MaxValue : fault.Line)],
        Records = _chain.Records,
        Segments = segments,
        Chain = _chain.Chain,
        FirstSeq = _chain.FirstSeq,
        LastSeq = _chain.LastSeq,
        SignedSeq = _signed?.Seq ?? 0,
        SignedTime = _signed?.Time,
        Checkpoints = _checkpoints,
        KeysFromLog = keysFromLog,
        Stopped = _chain.Stopped,
    };

    private void Follow((Task<BlockCheck> Check, byte[] Buffer) work)
    {
        var block = work.Check.GetAwaiter().GetResult();
        ArrayPool<byte>.Shared.Return(work.Buffer);
        foreach (var run in block.Runs)
            _chain.Follow(block.File, run);
        foreach (var (seq, hash) in block.Hashes)
            _hashes[seq] = hash;
        _pruned.AddRange(block.Pruned);
        foreach (var record in block.Checkpoints)
            CheckSignature(block.File, record);
    }

    private void CheckSignature(string file, SignedRecord record)
    {
        _checkpoints++;
        if (record.Checkpoint is not { } checkpoint || !record.CoversItsPlace)
            Fault("it does not cover the record before it");
        else if (!_keys.TryGetValue(checkpoint.KeyId, out var key))
            Fault($"signed with key {checkpoint.KeyId}, of which no public key was given");
        else if (!Holds(key, checkpoint))
            Fault($"the signature does not hold for key {checkpoint.KeyId}");
        else
            _signed = checkpoint;

        void Fault(string detail) => _chain.Faults.Add(new(FaultKind.Unsigned, file, record.Line, record.Seq, "checkpoint: " + detail));
    }

    private void CheckAnchor(Checkpoint anchor)
    {
        if (!_keys.TryGetValue(anchor.KeyId, out var key) || !Holds(key, anchor))
            Fault(FaultKind.Unsigned, "its signature does not hold with the keys that were given");
        else if (_chain.Chain is not null && anchor.Chain != _chain.Chain)
            Fault(FaultKind.Foreign, $"it is of chain {anchor.Chain}, this log is of chain {_chain.Chain}");
        else if (anchor.Seq > _chain.LastSeq)
            Fault(FaultKind.Truncated, $"the log ends with record {_chain.LastSeq}");
        else if (_hashes.TryGetValue(anchor.Seq, out var hash) ? hash != anchor.Hash : anchor.Seq >= _chain.FirstSeq)
            Fault(FaultKind.Foreign, "the record with that number is another one");
        else if (_hashes.ContainsKey(anchor.Seq) && (_signed is null || _signed.Seq < anchor.Seq))
            _signed = anchor;

        void Fault(FaultKind kind, string detail) =>
            _chain.Faults.Add(new(kind, _chain.LastFile, 0, anchor.Seq, $"checkpoint of {anchor.Time} signed at record {anchor.Seq}: {detail}"));
    }

    private static bool Holds(ECDsa key, Checkpoint checkpoint) => key.VerifyData(checkpoint.Statement(), checkpoint.Signature, HashAlgorithmName.SHA256);
}
