using System.IO.Compression;
using System.Runtime.InteropServices;

namespace ToolGateway.Rego.Bundles;

/// <summary>Unpacks gzip within a limit, so that a small file cannot fill the memory.</summary>
internal static class Unpacking
{
    public static string TooLarge(RegoBundleOptions options) => $"larger than {options.MaxCompressedBytes} bytes; make the bundle smaller, or allow more";

    /// <summary>The archive, or null with the reason reported.</summary>
    public static ReadOnlyMemory<byte>? Gunzip(ReadOnlyMemory<byte> packed, RegoBundleOptions options, Action<string> report)
    {
        if (packed.Length > options.MaxCompressedBytes)
        {
            report(TooLarge(options));
            return null;
        }

        var bytes = MemoryMarshal.TryGetArray(packed, out var segment) ? segment : new ArraySegment<byte>(packed.ToArray());
        using var source = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        try
        {
            if (CopyTo(gzip, unpacked, options.MaxUnpackedBytes))
                return unpacked.GetBuffer().AsMemory(0, (int)unpacked.Length);
            report($"unpacks to more than {options.MaxUnpackedBytes} bytes; make the bundle smaller, or allow more");
        }
        catch (InvalidDataException e)
        {
            report($"not a gzip-compressed tar archive: {e.Message}; make it with opa build, or tar -czf");
        }

        return null;
    }

    /// <summary>False when there is more than <paramref name="limit"/>.</summary>
    public static bool CopyTo(Stream from, MemoryStream to, int limit)
    {
        var buffer = new byte[81_920];
        while (from.Read(buffer) is var read and > 0)
        {
            if (to.Length + read > limit)
                return false;
            to.Write(buffer, 0, read);
        }

        return true;
    }
}
