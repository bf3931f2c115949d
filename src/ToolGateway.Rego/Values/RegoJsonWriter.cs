using System.Buffers;
using System.Text;

namespace ToolGateway.Rego.Values;

/// <summary>How JSON is laid out. Without indentation everything stands on one line.</summary>
internal sealed record RegoJsonLayout(bool Indented, string Prefix, string Indent, bool EscapeHtml = true)
{
    public static RegoJsonLayout Compact { get; } = new(false, "", "");

    /// <summary>Two spaces per level, as OPA's tools print results.</summary>
    public static RegoJsonLayout Pretty { get; } = new(true, "", "  ");

    /// <summary>As <see cref="Compact"/>, with <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> as they are.</summary>
    public static RegoJsonLayout Plain { get; } = new(false, "", "", EscapeHtml: false);
}

/// <summary>Writes values as Go's <c>encoding/json</c> does.</summary>
internal static class RegoJsonWriter
{
    public static void Write(IBufferWriter<byte> output, RegoValue value, RegoJsonLayout layout)
    {
        if (layout.Indented)
            Append(output, layout.Prefix);
        WriteValue(output, value, layout, 0);
    }

    public static string ToText(RegoValue value, RegoJsonLayout layout)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, value, layout);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteValue(IBufferWriter<byte> output, RegoValue value, RegoJsonLayout layout, int depth)
    {
        switch (value)
        {
            case RegoNull:
                output.Write("null"u8);
                break;
            case RegoBoolean b:
                output.Write(b.Value ? "true"u8 : "false"u8);
                break;
            case RegoNumber n:
                WriteNumber(output, n);
                break;
            case RegoString s:
                RegoJsonText.Write(output, s.Value, layout.EscapeHtml);
                break;
            case RegoArray a:
                WriteItems(output, a.Items, layout, depth);
                break;
            case RegoSet s:
                WriteItems(output, s.Items, layout, depth);
                break;
            case RegoObject o:
                WriteMembers(output, o, layout, depth);
                break;
        }
    }

    private static void WriteNumber(IBufferWriter<byte> output, RegoNumber number)
    {
        if (number.IsInt64 && number.TryGetInt64(out var integer))
        {
            integer.TryFormat(output.GetSpan(20), out var written);
            output.Advance(written);
        }
        else
        {
            Append(output, number.ToText());
        }
    }

    private static void WriteItems(IBufferWriter<byte> output, ReadOnlySpan<RegoValue> items, RegoJsonLayout layout, int depth)
    {
        output.Write("["u8);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                output.Write(","u8);
            Break(output, layout, depth + 1);
            WriteValue(output, items[i], layout, depth + 1);
        }

        if (items.Length > 0)
            Break(output, layout, depth);
        output.Write("]"u8);
    }

    private static void WriteMembers(IBufferWriter<byte> output, RegoObject map, RegoJsonLayout layout, int depth)
    {
        output.Write("{"u8);
        var members = HasOnlyStringKeys(map) ? map.Members : WithStringKeys(map).Members;
        for (var i = 0; i < members.Length; i++)
        {
            if (i > 0)
                output.Write(","u8);
            Break(output, layout, depth + 1);
            RegoJsonText.Write(output, ((RegoString)members[i].Key).Value, layout.EscapeHtml);
            output.Write(layout.Indented ? ": "u8 : ":"u8);
            WriteValue(output, members[i].Value, layout, depth + 1);
        }

        if (members.Length > 0)
            Break(output, layout, depth);
        output.Write("}"u8);
    }

    private static bool HasOnlyStringKeys(RegoObject map)
    {
        foreach (ref readonly var member in map.Unordered)
        {
            if (member.Key is not RegoString)
                return false;
        }

        return true;
    }

    // Keys of other kinds become their JSON text, and the text decides the order.
    private static RegoObject WithStringKeys(RegoObject map)
    {
        var named = new RegoObjectBuilder(map.Count);
        foreach (var (key, value) in map.Members)
            named.Set(key is RegoString ? key : new RegoString(RegoJson.Serialize(key)), value);
        return named.ToObject();
    }

    private static void Break(IBufferWriter<byte> output, RegoJsonLayout layout, int depth)
    {
        if (!layout.Indented)
            return;
        output.Write("\n"u8);
        Append(output, layout.Prefix);
        for (var i = 0; i < depth; i++)
            Append(output, layout.Indent);
    }

    private static void Append(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
