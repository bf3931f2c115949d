namespace ToolGateway.Identity.Tokens;

/// <summary>Where a signer's keys come from.</summary>
internal abstract class KeySource
{
    /// <summary>The set that counts now, without waiting; null when there is none.</summary>
    public abstract KeySet? Current();

    /// <summary>The set after looking for a newer one, as far as the source and its rate allow.</summary>
    public abstract ValueTask<KeySet?> RefreshAsync();

    /// <summary>The set read last, however old, without looking for a newer one.</summary>
    public abstract KeySet? Last { get; }

    /// <summary>When keys were last fetched; null where they are not fetched, or never were.</summary>
    public virtual DateTimeOffset? FetchedAt => null;

    /// <summary>Why there are no fresh keys; null when all is well.</summary>
    public virtual string? Failure => null;

    /// <summary><see cref="Failure"/>, once for each time that it happened: a flood of tokens must not flood the log.</summary>
    public virtual string? TakeFailure() => null;
}

/// <summary>Keys from a file, replaced with the snapshot.</summary>
internal sealed class FileKeys(KeySet keys) : KeySource
{
    public override KeySet? Last => keys;

    public override KeySet? Current() => keys;

    public override ValueTask<KeySet?> RefreshAsync() => new(keys);
}
