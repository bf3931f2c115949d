using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Bundles;

/// <summary>
/// An OPA bundle: modules and data of one revision. Compile it with <see cref="RegoCompiler.Compile"/> and the bundle's <see cref="RegoVersion"/>. Immutable.
/// </summary>
/// <remarks>WebAssembly modules and plans in the bundle are verified with the other files, and otherwise ignored. Delta bundles are refused.</remarks>
public sealed class RegoBundle
{
    internal RegoBundle(IReadOnlyList<RegoSource> modules, RegoObject data, BundleManifest manifest, RegoBundleSignature? signature)
    {
        Modules = modules;
        Data = data;
        Revision = manifest.Revision;
        Roots = manifest.Roots;
        RegoVersion = manifest.RegoVersion;
        Metadata = manifest.Metadata;
        Signature = signature;
    }

    /// <summary>The Rego files, tests included, in the order of their paths in the bundle.</summary>
    public IReadOnlyList<RegoSource> Modules { get; }

    /// <summary>The documents of <c>data.json</c> and <c>data.yaml</c> files, each at its directory's path.</summary>
    public RegoObject Data { get; }

    /// <summary>The revision that the manifest states; null when it states none.</summary>
    public string? Revision { get; }

    /// <summary>Paths below <c>data</c> that the bundle owns, without <c>/</c> at the ends; one empty path means everything.</summary>
    public IReadOnlyList<string> Roots { get; }

    /// <summary>0 or 1, for <see cref="RegoCompilerOptions.RegoVersion"/>; 1 when the manifest states none.</summary>
    public int RegoVersion { get; }

    /// <summary>The manifest's <c>metadata</c>; empty when there is none.</summary>
    public RegoObject Metadata { get; }

    /// <summary>The verified signature; null when the bundle was read without a key.</summary>
    public RegoBundleSignature? Signature { get; }

    /// <summary>Reads a bundle from a gzip-compressed tar archive.</summary>
    /// <param name="gzipTar">The archive. It is read to its end, or until it is too large, and is not closed.</param>
    /// <param name="options">What the bundle must prove.</param>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static RegoBundleReading Read(Stream gzipTar, RegoBundleOptions options)
    {
        using var copy = new MemoryStream();
        return Unpacking.CopyTo(gzipTar, copy, options.MaxCompressedBytes)
            ? Read(copy.GetBuffer().AsMemory(0, (int)copy.Length), options)
            : BundleReader.Failed([Unpacking.TooLarge(options)]);
    }

    /// <summary>Reads a bundle from a gzip-compressed tar archive.</summary>
    /// <param name="gzipTar">The archive.</param>
    /// <param name="options">What the bundle must prove.</param>
    public static RegoBundleReading Read(ReadOnlyMemory<byte> gzipTar, RegoBundleOptions options) => BundleReader.Read(gzipTar, options);
}
