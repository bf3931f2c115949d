using System.Buffers;
using System.Text;

namespace ToolGateway.Rego.Values;

/// <summary>Strings in JSON, escaped where Go's <c>encoding/json</c> escapes.</summary>
internal static class RegoJsonText
{
    private const string Controls =
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f" +
        "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f";

    private static readonly SearchValues<char> Always = SearchValues.Create(Controls + "\"\\\u2028\u2029");
    private static readonly SearchValues<char> InHtml = SearchValues.Create(Controls + "\"\\\u2028\u2029<>&");

    public static void Write(IBufferWriter<byte> output, string text, bool escapeHtml)
    {
        output.Write("\""u8);
        var rest = text.AsSpan();
        while (true)
        {
            var run = rest.IndexOfAny(escapeHtml ? InHtml : Always);
            Encoding.UTF8.GetBytes(run < 0 ? rest : rest[..run], output);
            if (run < 0)
                break;
            WriteEscape(output, rest[run]);
            rest = rest[(run + 1)..];
        }

        output.Write("\""u8);
    }

    private static void WriteEscape(IBufferWriter<byte> output, char c)
    {
        var brief = c switch { '"' => '"', '\\' => '\\', '\b' => 'b', '\f' => 'f', '\n' => 'n', '\r' => 'r', '\t' => 't', _ => '\0' };
        var span = output.GetSpan(6);
        span[0] = (byte)'\\';
        if (brief != '\0')
        {
            span[1] = (byte)brief;
            output.Advance(2);
            return;
        }

        span[1] = (byte)'u';
        for (var i = 0; i < 4; i++)
            span[2 + i] = (byte)"0123456789abcdef"[(c >> (12 - (4 * i))) & 15];
        output.Advance(6);
    }
}
