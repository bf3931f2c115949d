namespace ToolGateway.Audit.Verification;

/// <summary>What verifying a log found.</summary>
internal sealed record VerifyReport
{
    public required IReadOnlyList<AuditFault> Faults { get; init; }

    public required long Records { get; init; }

    public required int Segments { get; init; }

    public string? Chain { get; init; }

    public long FirstSeq { get; init; }

    public long LastSeq { get; init; }

    /// <summary>The last record that a valid signature covers; 0 when none does.</summary>
    public long SignedSeq { get; init; }

    public string? SignedTime { get; init; }

    public int Checkpoints { get; init; }

    /// <summary>Whether the keys came from beside the log, where who changes the log can change them too.</summary>
    public bool KeysFromLog { get; init; }

    /// <summary>Whether the log ends with a <c>stop</c> record.</summary>
    public bool Stopped { get; init; }

    public long UnsignedTail => LastSeq - SignedSeq;

    public bool IsIntact => Faults.Count == 0;
}
