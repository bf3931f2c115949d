using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace ToolGateway.Audit.Verification;

/// <summary>Cuts a segment into blocks of whole lines that can be checked side by side.</summary>
internal static class BlockReader
{
    private const int BlockSize = 1 << 20;

    public static IEnumerable<Block> Read(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        var name = Path.GetFileName(path);
        var (offset, line) = (0L, 1L);
        while (Next(handle, offset) is { Length: > 0 } read)
        {
            var block = new Block(name, read.Buffer, read.Length, line);
            offset += read.Length;
            line += read.Buffer.AsSpan(0, read.Length).Count((byte)'\n');
            yield return block;
        }
    }

    /// <summary>A block that ends with a line feed, or with the file.</summary>
    private static (byte[] Buffer, int Length) Next(SafeFileHandle handle, long offset)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
        var filled = 0;

        // The end of a log that is being written may be half a batch for a moment.
        var patience = 4;
        while (true)
        {
            var count = RandomAccess.Read(handle, buffer.AsSpan(filled), offset + filled);
            filled += count;
            if (count == 0 && (filled == 0 || buffer[filled - 1] == '\n' || --patience == 0))
                return (buffer, filled);
            if (count == 0)
                Thread.Sleep(20);
            if (filled < buffer.Length)
                continue;
            var end = buffer.AsSpan(0, filled).LastIndexOf((byte)'\n');
            if (end >= 0)
                return (buffer, end + 1);
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.AsSpan(0, filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }
}

/// <summary>Whole lines of one segment.</summary>
internal readonly record struct Block(string File, byte[] Buffer, int Length, long FirstLine);
