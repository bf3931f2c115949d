using System.Security.Cryptography;
using ToolGateway.Rego.Bundles;

namespace ToolGateway.Decisions.Embedded.Bundles;

/// <summary>The file that keeps the last good bundle. What it holds is verified each time that it is read: the disk proves nothing.</summary>
internal sealed class BundleStore(string path)
{
    public string Path { get; } = path;

    /// <summary>The store of the options, or null when none is wanted.</summary>
    public static BundleStore? For(EmbeddedOptions options, Func<string, string> fullPath) =>
        options.Bundle.PersistPath is { Length: > 0 } path ? new BundleStore(fullPath(path)) : null;

    /// <summary>The kept bundle, for the place that it came from; null when there is none that holds.</summary>
    public PolicyBundle? ReadBundle(string place, EmbeddedOptions options, IReadOnlyList<RegoBundleKey> keys) =>
        Read(options.Bundle.MaxBytes) is { } packed ? PolicyBundle.Open(packed, place, options, keys, static _ => { }) : null;

    /// <summary>Whether the file is these bytes.</summary>
    public bool Holds(ReadOnlyMemory<byte> packed, int maxBytes) => Read(maxBytes) is { } kept && kept.AsSpan().SequenceEqual(packed.Span);

    /// <summary>SHA-256 of the file; null when there is none.</summary>
    public byte[]? Digest(int maxBytes) => Read(maxBytes) is { } kept ? SHA256.HashData(kept) : null;

    /// <summary>Replaces the bundle as a whole, readable by this user only. Gives the reason when that fails.</summary>
    public string? Write(ReadOnlyMemory<byte> packed)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            var next = Path + ".new";
            File.Delete(next);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(next, options))
            {
                file.Write(packed.Span);
                file.Flush(flushToDisk: true);
            }

            File.Move(next, Path, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{Path} cannot be written ({e.Message}); make its directory writable for the gateway";
        }
    }

    private byte[]? Read(int maxBytes)
    {
        try
        {
            return new FileInfo(Path) is { Exists: true } file && file.Length <= maxBytes ? File.ReadAllBytes(Path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing that could be used; who needs the bundle says so.
            return null;
        }
    }
}
