namespace ToolGateway.Decisions;

/// <summary>Where bundles come from, where the last good one is kept, and how large they may be.</summary>
public sealed class BundleOptions
{
    /// <summary>
    /// Address of the bundle at a bundle service, such as <c>https://bundles.example.com/toolgateway/bundle.tar.gz</c>; it then counts instead of <c>PolicyPath</c>.
    /// Whole bundles are taken; deltas, which nobody can sign, are refused.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>
    /// File that keeps the last good bundle, in a directory that only this instance writes to. Required with <see cref="Url"/>; for a bundle that <c>PolicyPath</c> names
    /// it makes that an older one is refused after a restart as well.
    /// </summary>
    public string? PersistPath { get; set; }

    /// <summary>File with the bearer token for the bundle service.</summary>
    public string? TokenFile { get; set; }

    /// <summary>PEM certificates that sign the bundle service's certificate.</summary>
    public string? CaPath { get; set; }

    /// <summary>PEM certificate (with key) that the gateway presents to the bundle service.</summary>
    public string? ClientCertificatePath { get; set; }

    /// <summary>PEM key, unless it is in <see cref="ClientCertificatePath"/>.</summary>
    public string? ClientKeyPath { get; set; }

    /// <summary>Shortest time between two questions for a newer bundle; the time is random between this and <see cref="MaxDelay"/>.</summary>
    public TimeSpan MinDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest time between two questions, also while they fail.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the service may hold its answer until there is a newer bundle; 0 turns long polling off.</summary>
    public TimeSpan LongPollingTimeout { get; set; }

    /// <summary>Longest time until the service answers (besides <see cref="LongPollingTimeout"/>), and again until the bundle has arrived.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest bundle as it is transferred, in bytes.</summary>
    public int MaxBytes { get; set; } = 64 << 20;

    /// <summary>Largest bundle unpacked, in bytes; unpacking stops there.</summary>
    public int MaxUnpackedBytes { get; set; } = 256 << 20;

    /// <summary>Most files and directories in a bundle.</summary>
    public int MaxEntries { get; set; } = 10_000;
}
