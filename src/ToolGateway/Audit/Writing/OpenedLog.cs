using ToolGateway.Audit.Canonical;
using ToolGateway.Audit.Records;

namespace ToolGateway.Audit.Writing;

/// <summary>Everything that exists while the log is open: made by <see cref="LogOpener"/>, used and ended by <see cref="AuditLog"/>.</summary>
internal sealed class OpenedLog(
    AuditContext context, DirectoryLock directoryLock, AuditWriter writer, AuditQueue queue, AuditEntryPool pool, ArgumentDigest digest) : IDisposable
{
    public AuditContext Context { get; } = context;

    public AuditWriter Writer { get; } = writer;

    public AuditQueue Queue { get; } = queue;

    public QueueDrain Drain { get; } = new(writer);

    public AuditEntryPool Pool { get; } = pool;

    public ArgumentDigest Digest { get; } = digest;

    public DecisionFormat Decisions { get; } = new(context.Settings.Instance, digest);

    public UnidentifiedShare Share { get; } =
        new(context.Settings.Options.UnauthenticatedPerSecond, context.Settings.Options.SegmentBytes / 10, context.Time);

    public void Dispose()
    {
        Writer.Dispose();
        Context.Key.Dispose();
        directoryLock.Dispose();
    }
}
