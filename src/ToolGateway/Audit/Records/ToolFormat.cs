using System.Runtime.CompilerServices;
using ToolGateway.ToolCalls;

namespace ToolGateway.Audit.Records;

/// <summary>The part of a decision record that says which tool was called. It is the same for every call of a tool, so it is written once and kept.</summary>
internal static class ToolFormat
{
    private static readonly ConditionalWeakTable<Tool, byte[]> Known = [];

    public static void Write(RecordBuffer to, Tool tool) => to.Raw(Known.GetValue(tool, static known => Format(known)));

    /// <summary>A tool of which only the name is known, or not even that.</summary>
    public static void Write(RecordBuffer to, string? name)
    {
        if (name is null)
        {
            to.Raw("null"u8);
            return;
        }

        to.Raw("{\"type\":\"tool\",\"id\":"u8);
        to.Text(name);
        to.Raw((byte)'}');
    }

    private static byte[] Format(Tool tool)
    {
        var to = new RecordBuffer();
        to.Raw("{\"type\":\"tool\",\"id\":"u8);
        to.Text(tool.Name);
        to.Raw(",\"protocol\":"u8);
        to.Raw(tool.IsMcp ? "\"mcp\""u8 : "\"http\""u8);
        to.Raw(",\"owner\":"u8);
        to.Text(tool.Owner);
        to.Raw(",\"environment\":"u8);
        to.Text(tool.Environment);
        to.Raw(",\"tenant\":"u8);
        to.Text(tool.Tenant);
        to.Raw(",\"data\":"u8);
        CallerFormat.Strings(to, tool.Data);
        to.Raw(",\"destination\":"u8);
        to.Text(tool.Destination);
        to.Raw((byte)'}');
        return to.Written.ToArray();
    }
}
