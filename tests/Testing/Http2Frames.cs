using System.Buffers.Binary;
using System.Text;

namespace ToolGateway.Testing;

/// <summary>Frames of HTTP/2 as bytes, valid or not.</summary>
public static class Http2Frames
{
    public const byte Data = 0, Headers = 1, ResetStream = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;
    public const byte EndStream = 1, EndHeaders = 4;

    /// <summary>What a client sends first, with empty settings.</summary>
    public static byte[] Preface { get; } = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])];

    public static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    /// <summary>A header block of literals without indexing, from <c>name=value|name=value</c>.</summary>
    public static byte[] Fields(string text)
    {
        var block = new List<byte>();
        foreach (var field in text.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var split = field.IndexOf('=', StringComparison.Ordinal);
            block.Add(0);
            Text(block, field[..split]);
            Text(block, field[(split + 1)..]);
        }

        return [.. block];
    }

    private static void Text(List<byte> block, string text)
    {
        // RFC 7541 section 5.1: seven bits, then seven at a time.
        if (text.Length < 127)
        {
            block.Add((byte)text.Length);
        }
        else
        {
            block.Add(127);
            var rest = text.Length - 127;
            for (; rest >= 128; rest >>= 7)
                block.Add((byte)(rest & 127 | 128));
            block.Add((byte)rest);
        }

        block.AddRange(Encoding.Latin1.GetBytes(text));
    }
}
