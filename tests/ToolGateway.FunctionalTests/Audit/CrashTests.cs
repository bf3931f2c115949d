using System.Collections.Concurrent;
using System.Text.Json;
using ToolGateway.Audit.Verification;
using ToolGateway.Audit.Writing;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Audit;

/// <summary>The real process, killed.</summary>
public sealed class CrashTests
{
    private const int Kills = 20;

    [Fact]
    public async Task Kill_UnderLoadAtRandomMoments_LosesNoDecisionThatTheToolSaw()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        await fixture.StopAsync();
        var random = new Random(17);
        var seen = new ConcurrentBag<string>();
        fixture.Upstream.Respond = (request, stream, cancellation) =>
        {
            seen.Add(request.Line.Split(' ')[1].Split('/')[^1]);
            return stream.WriteAsync(RawUpstream.Answer("{\"ok\":true}"), cancellation).AsTask();
        };
        var gateway = GatewayProcess.Launch(fixture);
        for (var round = 0; round < Kills; round++)
        {
            await gateway.ReadyAsync(fixture);
            Check(fixture, seen);

            // The next one waits for the directory meanwhile, and takes over when the kernel has let it go.
            var next = GatewayProcess.Launch(fixture);
            using var stop = new CancellationTokenSource();
            var load = Enumerable.Range(0, 8).Select(worker => LoadAsync(fixture, $"r{round}w{worker}", stop.Token)).ToArray();
            var until = seen.Count + random.Next(5, 60);
            for (var deadline = Environment.TickCount64 + 5_000; seen.Count < until && Environment.TickCount64 < deadline;)
                await Task.Delay(1);
            await gateway.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(load);
            gateway.Dispose();
            gateway = next;
        }

        await gateway.ReadyAsync(fixture);
        Assert.Equal(0, await gateway.TerminateAsync());
        gateway.Dispose();
        Assert.True(seen.Count >= Kills * 5, $"the tool saw {seen.Count} calls");
        var report = Check(fixture, seen);
        Assert.True(report.Stopped);
        Assert.Equal(report.LastSeq - 1, report.SignedSeq);
        CheckPairs(fixture);
    }

    private static async Task LoadAsync(GatewayFixture fixture, string worker, CancellationToken cancellation)
    {
        using var client = fixture.Client(token: fixture.Token());
        for (var i = 0; !cancellation.IsCancellationRequested; i++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/tools/crm/customers/{worker}-{i}");
                request.Headers.Add("Agent-Task", $"{worker}-{i}");
                using var response = await client.SendAsync(request, cancellation);
                Assert.Equal(200, (int)response.StatusCode);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // The gateway was killed under the call.
                return;
            }
        }
    }

    /// <summary>The chain holds, and whatever the tool saw was recorded as allowed before.</summary>
    private static VerifyReport Check(GatewayFixture fixture, ConcurrentBag<string> seen)
    {
        var directory = fixture.AuditDirectory;
        var report = new AuditVerifier(VerifyInputs.Keys(directory, null), VerifyInputs.Anchors(directory, null)).Verify(directory, keysFromLog: true);
        Assert.Empty(report.Faults);
        var allowed = Records(directory, "decision").Where(record => record.GetProperty("allow").GetBoolean())
            .Select(record => record.GetProperty("intent").GetProperty("task").GetString()!).ToHashSet(StringComparer.Ordinal);
        Assert.All(seen, id => Assert.Contains(id, allowed));
        return report;
    }

    /// <summary>Every decision has an outcome, or a recovery record says that it has none.</summary>
    private static void CheckPairs(GatewayFixture fixture)
    {
        var closed = Records(fixture.AuditDirectory, "outcome").Select(Id)
            .Concat(Records(fixture.AuditDirectory, "recovery").SelectMany(record => record.GetProperty("closed").EnumerateArray().Select(id => id.GetString()!))).ToList();
        Assert.Equal(Records(fixture.AuditDirectory, "decision").Select(Id).Order(StringComparer.Ordinal), closed.Order(StringComparer.Ordinal));
        Assert.Equal(Kills, Records(fixture.AuditDirectory, "recovery").Count());
    }

    private static string Id(JsonElement record) => record.GetProperty("decision_id").GetString()!;

    private static IEnumerable<JsonElement> Records(string directory, string type) =>
        SegmentNames.Segments(directory).SelectMany(File.ReadLines).Where(line => line.Contains($"\"type\":\"{type}\"", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement);
}
