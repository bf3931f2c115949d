namespace ToolGateway.Audit.Verification;

/// <summary>What is wrong with a record.</summary>
internal enum FaultKind
{
    /// <summary>The line is not a record, or its content does not give its hash.</summary>
    Changed,

    /// <summary>Records between two that stand next to each other are not there.</summary>
    Missing,

    /// <summary>The record stands at another place than where it was written, or twice.</summary>
    Reordered,

    /// <summary>The log ends before a record that a checkpoint covers, or within a line.</summary>
    Truncated,

    /// <summary>The record belongs to another log, or was put in place of one of this log.</summary>
    Foreign,

    /// <summary>A checkpoint's signature does not hold, or no key is there to tell.</summary>
    Unsigned,
}

/// <summary>One fault: where and what.</summary>
/// <param name="File">Name of the segment.</param>
/// <param name="Line">Line in it, from 1; 0 when it is about none.</param>
/// <param name="Seq">Sequence number that the record has, or that is missing; null when unknown.</param>
internal sealed record AuditFault(FaultKind Kind, string File, long Line, long? Seq, string Detail);
