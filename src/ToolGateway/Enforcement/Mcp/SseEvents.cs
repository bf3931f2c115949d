using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using ToolGateway.Hosting;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>One server-sent event: its bytes as received, and its data when it has any.</summary>
internal readonly record struct SseEvent(ReadOnlyMemory<byte> Raw, string? Data)
{
    /// <summary>The event with other data, and its other fields as they were.</summary>
    public ReadOnlyMemory<byte> WithData(string data)
    {
        var kept = new StringBuilder();
        foreach (var line in SseEvents.Lines(Raw.Span))
        {
            if (line.Length > 0 && !line.StartsWith("data", StringComparison.Ordinal))
                kept.Append(line).Append('\n');
        }

        return Encoding.UTF8.GetBytes(kept.Append("data: ").Append(data).Append("\n\n").ToString());
    }
}

/// <summary>Splits a stream of server-sent events, each bounded in size.</summary>
internal static class SseEvents
{
    public static async IAsyncEnumerable<SseEvent> ReadAsync(Stream stream, int maxEventBytes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pending = new ArrayBufferWriter<byte>(4096);
        var chunk = new byte[8192];
        var seen = 0;
        int read;
        while ((read = await EventLoop.ReadAndLeaveAsync(stream, chunk, cancellation).ConfigureAwait(false)) > 0)
        {
            pending.Write(chunk.AsSpan(0, read));
            int end;
            while ((end = EventEnd(pending.WrittenSpan, seen)) > 0)
            {
                seen = 0;
                var raw = pending.WrittenMemory[..end].ToArray();
                var rest = pending.WrittenMemory[end..].ToArray();
                pending.Clear();
                pending.Write(rest);
                yield return new SseEvent(raw, DataOf(raw));
            }

            // An event may end with two line ends of two bytes, of which the last byte is still to come.
            seen = Math.Max(0, pending.WrittenCount - 3);
            if (pending.WrittenCount > maxEventBytes)
                throw new InvalidDataException($"an event of the tool is longer than {maxEventBytes} bytes");
        }

        if (pending.WrittenCount > 0)
            yield return new SseEvent(pending.WrittenMemory, DataOf(pending.WrittenSpan));
    }

    /// <summary>Where the first event ends, its blank line included; 0 when it is not whole. Lines end with LF, CR LF or CR.</summary>
    private static int EventEnd(ReadOnlySpan<byte> bytes, int from)
    {
        for (var i = from; i < bytes.Length; i++)
        {
            var next = AfterLineEnd(bytes, i);
            if (next > 0 && next < bytes.Length && AfterLineEnd(bytes, next) is var after and > 0)
                return after;
        }

        return 0;
    }

    private static int AfterLineEnd(ReadOnlySpan<byte> bytes, int at) => bytes[at] switch
    {
        (byte)'\n' => at + 1,
        (byte)'\r' when at + 1 < bytes.Length && bytes[at + 1] == (byte)'\n' => at + 2,
        (byte)'\r' when at + 1 < bytes.Length => at + 1,
        _ => 0,
    };

    /// <summary>Lines as the event stream format knows them; text may hold characters that other readers take for line ends. Readers ignore a mark at the start.</summary>
    internal static string[] Lines(ReadOnlySpan<byte> raw) =>
        Encoding.UTF8.GetString(raw).TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');

    private static string? DataOf(ReadOnlySpan<byte> raw)
    {
        StringBuilder? data = null;
        foreach (var line in Lines(raw))
        {
            if (!line.StartsWith("data:", StringComparison.Ordinal))
                continue;
            data = data is null ? new StringBuilder() : data.Append('\n');
            data.Append(line.AsSpan(line.StartsWith("data: ", StringComparison.Ordinal) ? 6 : 5));
        }

        return data?.ToString();
    }
}
