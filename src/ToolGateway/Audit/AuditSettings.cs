using ToolGateway.Hosting;

namespace ToolGateway.Audit;

/// <summary>The log's options with every path made absolute.</summary>
internal sealed record AuditSettings(AuditOptions Options, string Instance, string BaseDirectory)
{
    /// <summary>How long a second process waits for the directory.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromSeconds(30);

    public string Directory { get; } = Path.GetFullPath(Options.Path, BaseDirectory).TrimEnd(Path.DirectorySeparatorChar);

    /// <summary>Keys are kept beside the directory, so that who is given a copy of the log is not given them.</summary>
    public string SigningKeyPath => Options.SigningKeyPath is { } path ? Path.GetFullPath(path, BaseDirectory) : Directory + ".signing-key.pem";

    public string DigestKeyPath => Options.DigestKeyPath is { } path ? Path.GetFullPath(path, BaseDirectory) : Directory + ".digest-key";

    public string? ExportDirectory => Options.CheckpointExportPath is { } path ? Path.GetFullPath(path, BaseDirectory) : null;

    public static AuditSettings From(ToolGatewayOptions options, string baseDirectory) =>
        new(options.Audit, options.Instance ?? Environment.MachineName, baseDirectory);
}
