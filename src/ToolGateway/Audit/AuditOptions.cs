namespace ToolGateway.Audit;

/// <summary>Where and how durably calls are recorded.</summary>
public sealed class AuditOptions
{
    /// <summary>Directory of this instance's log. Two processes never share one.</summary>
    public string Path { get; set; } = "audit";

    /// <summary><c>Written</c> (survives the death of the process) or <c>Synced</c> (on disk) before a call is forwarded.</summary>
    public string Durability { get; set; } = "Written";

    /// <summary>Durability for high-risk actions.</summary>
    public string HighRiskDurability { get; set; } = "Synced";

    /// <summary>Longest wait for the log to take a record before the call is blocked.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Most records waiting in memory.</summary>
    public int QueueLimit { get; set; } = 8192;

    /// <summary>Unidentified calls recorded per second; further ones are counted as suppressed.</summary>
    public int UnauthenticatedPerSecond { get; set; } = 50;

    /// <summary>A segment is closed at this size.</summary>
    public long SegmentBytes { get; set; } = 256L << 20;

    /// <summary>A segment is closed at this age.</summary>
    public TimeSpan SegmentAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Whole segments older than this are pruned; absent: never.</summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>A checkpoint is signed after this many records …</summary>
    public int CheckpointRecords { get; set; } = 10_000;

    /// <summary>… or this time, whichever comes first.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>PEM private key (ECDSA P-256) that signs checkpoints; generated beside the log when absent.</summary>
    public string? SigningKeyPath { get; set; }

    /// <summary>File with the key of the argument digests (32 bytes, base64); generated beside the log's directory when absent.</summary>
    public string? DigestKeyPath { get; set; }

    /// <summary>Directory to which each checkpoint is copied as it is made.</summary>
    public string? CheckpointExportPath { get; set; }
}
