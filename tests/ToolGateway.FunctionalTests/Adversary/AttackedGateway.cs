using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using ToolGateway.FunctionalTests.Identity;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Adversary;

/// <summary>One gateway that every attempt is made against, and which is then stopped: what its log holds afterwards is all that it will ever hold.</summary>
public sealed class AttackedGateway : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, string> _answers = new(StringComparer.Ordinal);
    private ILookup<string, JsonNode> _records = Enumerable.Empty<JsonNode>().ToLookup(_ => "");

    internal static IReadOnlyList<Attempt> Attempts { get; } = [.. RequestAttempts.All, .. Http2Attempts.All, .. TokenAttempts.All, .. CertificateAttempts.All];

    /// <summary>What reached the tool.</summary>
    internal IReadOnlyCollection<RawRequest> Forwarded { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await using var gateway = await GatewayFixture.StartAsync(fixture =>
        {
            fixture.Configuration["Audit"]!["UnauthenticatedPerSecond"] = 100_000;
            fixture.Configuration["Limits"] = new JsonObject { ["HeadersTimeout"] = "00:00:01", ["BodyTimeout"] = "00:00:01" };
        });
        await Parallel.ForAsync(0, Attempts.Count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            _answers[Attempts[i].Name] = await Attempts[i].Send(new Attacker(gateway, AddressOf(i))));
        await gateway.StopAsync();
        Forwarded = gateway.Upstream.Requests;
        _records = AuditRecords.Text(gateway).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .Where(record => record["decision_id"] is not null).ToLookup(record => (string)record["decision_id"]!);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    internal string AnswerTo(Attempt attempt) => _answers[attempt.Name];

    /// <summary>The records of an attempt, by call.</summary>
    internal IReadOnlyList<JsonNode[]> RecordsOf(Attempt attempt)
    {
        var address = AddressOf(Attempts.Index().Single(item => item.Item == attempt).Index).ToString();
        return [.. _records.Select(call => call.ToArray()).Where(call => call.Any(record => (string?)record["remote_address"] == address))];
    }

    private static IPAddress AddressOf(int index) => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.9.{index / 250}.{1 + index % 250}"));
}
