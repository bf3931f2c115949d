using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ToolGateway.Audit;
using ToolGateway.Decisions;
using ToolGateway.Host.Audit;

namespace ToolGateway.Tests.Audit;

/// <summary>OPA's decision log and the gateway's are about the same decisions, and OPA's id joins them.</summary>
public sealed class OpaJoinTests
{
    private const string Written = """
        [ { "decision_id": "0d4a3f5e-6d3c-4c57-8d43-3f2f1b3cf001", "bundles": { "main": { "revision": "r7" } }, "result": { "allow": true }, "type": "openpolicyagent.org/decision_logs" },
          { "decision_id": "0d4a3f5e-6d3c-4c57-8d43-3f2f1b3cf002", "bundles": { "main": { "revision": "r8" } }, "result": { "allow": false }, "type": "openpolicyagent.org/decision_logs" } ]
        """;

    public static TheoryData<string> Logs()
    {
        var logs = new TheoryData<string>(Written);
        if (Recorded() is { } path)
            logs.Add(File.ReadAllText(path));
        return logs;
    }

    [Theory]
    [MemberData(nameof(Logs))]
    public async Task Records_OfDecisionsThatOpaMade_JoinItsLogByItsId(string opaLog)
    {
        var entries = JsonNode.Parse(opaLog)!.AsArray().Where(entry => entry!["decision_id"] is not null).ToList();
        Assert.NotEmpty(entries);
        await using var log = new TestLog();
        await log.OpenAsync();
        for (var i = 0; i < entries.Count; i++)
        {
            var decision = new Decision
            {
                Allow = IsAllowed(entries[i]!),
                Engine = "opa",
                OpaDecisionId = (string)entries[i]!["decision_id"]!,
                OpaBundles = [.. (entries[i]!["bundles"] as JsonObject ?? []).Select(bundle => $"{bundle.Key}={bundle.Value!["revision"]}")],
                Reasons = IsAllowed(entries[i]!) ? [] : ["denied_by_opa"],
            };
            Assert.True(await log.Log.DecisionAsync(TestLog.Decision($"gw-{i}") with { Decision = decision }, Durability.Written, default));
            log.Log.Outcome(TestLog.Outcome($"gw-{i}"));
        }

        await log.Log.StopAsync();
        for (var i = 0; i < entries.Count; i++)
        {
            var output = new StringWriter();
            AuditCommands.Create().Parse(["query", log.Directory, "--decision", (string)entries[i]!["decision_id"]!, "--format", "json"])
                .Invoke(new InvocationConfiguration { Output = output });
            using var found = JsonDocument.Parse(output.ToString());
            var record = found.RootElement.GetProperty("decision");
            Assert.Equal($"gw-{i}", record.GetProperty("decision_id").GetString());
            Assert.Equal(IsAllowed(entries[i]!), record.GetProperty("allow").GetBoolean());
            var bundles = (entries[i]!["bundles"] as JsonObject ?? []).Select(bundle => $"{bundle.Key}={bundle.Value!["revision"]}").ToList();
            Assert.Equal(bundles, record.TryGetProperty("opa_bundles", out var written) ? written.EnumerateArray().Select(item => item.GetString()) : []);
        }
    }

    private static bool IsAllowed(JsonNode entry) => entry["result"] is JsonObject result && result["allow"] is JsonValue allow && allow.GetValueKind() == JsonValueKind.True;

    private static string? Recorded()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var path = Path.Combine(directory.FullName, "shared", "conformance", "opa-rest", "decision-log.json");
            if (File.Exists(path))
                return path;
        }

        return null;
    }
}
