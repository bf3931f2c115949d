using System.Globalization;
using System.Net;
using System.Text;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Hosting;

/// <summary>A process that may have little memory: what passes through it does not add up in it.</summary>
public sealed class MemoryTests
{
    /// <summary>96 MB, which is what the runtime would take of a container of 128 MB.</summary>
    private const string HeapLimit = "6000000";
    private const int LimitMegabytes = 256;
    private const int Callers = 4;
    private const int CallsOfEach = 60;

    [Fact]
    public async Task Answers_ManyTimesTheHeap_AreRedactedWithinTheLimit()
    {
        var answer = RawUpstream.Answer($$"""{"ssn":"123-45-6789","note":"{{new string('x', 1 << 20)}}"}""");
        await using var fixture = GatewayFixture.Prepare();
        fixture.Upstream.Respond = (_, stream, cancellation) => stream.WriteAsync(answer, cancellation).AsTask();
        using var gateway = await GatewayProcess.StartAsync(fixture, new Dictionary<string, string?> { ["DOTNET_GCHeapHardLimit"] = HeapLimit });
        using var certificate = fixture.AgentCertificate("support");
        using var agent = fixture.Client(certificate);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => CallAsync(agent)));

        await gateway.ReadyAsync(fixture);
        Assert.InRange(PeakMegabytes(gateway.Id), 1, LimitMegabytes);
        Assert.Equal(0, await gateway.TerminateAsync());
    }

    private static async Task CallAsync(HttpClient agent)
    {
        for (var i = 0; i < CallsOfEach; i++)
        {
            using var response = await agent.GetAsync(new Uri("/tools/crm/customers/42", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.StartsWith("""{"ssn":"[redacted]",""", Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync()), StringComparison.Ordinal);
        }
    }

    /// <summary>The most that was resident at any time.</summary>
    private static long PeakMegabytes(int process) =>
        long.Parse(File.ReadLines($"/proc/{process}/status").Single(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
}
