using System.Text.Json.Nodes;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Identity;

/// <summary>Reads the audit log of a running gateway.</summary>
internal static class AuditRecords
{
    /// <summary>The record of a call; some are queued, so it is waited for.</summary>
    public static async Task<JsonNode> FindAsync(GatewayFixture gateway, string decisionId, string type = "decision")
    {
        var deadline = Environment.TickCount64 + 10_000;
        while (true)
        {
            var record = Text(gateway).Split('\n').Where(line => line.Contains(decisionId, StringComparison.Ordinal)).Select(line => JsonNode.Parse(line)!)
                .FirstOrDefault(line => (string)line["type"]! == type);
            if (record is not null)
                return record;
            Assert.True(Environment.TickCount64 < deadline, $"the call {decisionId} left no {type} record");
            await Task.Delay(20);
        }
    }

    /// <summary>Every complete line.</summary>
    public static string Text(GatewayFixture gateway) =>
        string.Concat(Directory.EnumerateFiles(gateway.AuditDirectory, "*.jsonl", SearchOption.AllDirectories).Select(ReadLines));

    private static string ReadLines(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)];
    }
}
