namespace ToolGateway.Rego.Bundles;

/// <summary>What a bundle must prove, and how large it may be.</summary>
public sealed record RegoBundleOptions
{
    /// <summary>Keys that may have signed the bundle. With a key, a bundle without signatures is refused.</summary>
    public IReadOnlyList<RegoBundleKey> Keys { get; init; } = [];

    /// <summary>The scope that the signature must state; null when it must state none.</summary>
    public string? Scope { get; init; }

    /// <summary>Whether, as long as there are no <see cref="Keys"/>, a bundle is read without looking at signatures.</summary>
    public bool AllowUnsigned { get; init; }

    /// <summary>Largest bundle as it is transferred, in bytes; 64 MiB.</summary>
    public int MaxCompressedBytes { get; init; } = 64 << 20;

    /// <summary>Largest bundle unpacked, in bytes, with the archive's own headers; 256 MiB. Unpacking stops there.</summary>
    public int MaxUnpackedBytes { get; init; } = 256 << 20;

    /// <summary>Most entries of the archive, directories included; 10,000.</summary>
    public int MaxEntries { get; init; } = 10_000;
}
