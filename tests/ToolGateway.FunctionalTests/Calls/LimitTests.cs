using System.Net;
using ToolGateway.Enforcement;

namespace ToolGateway.FunctionalTests.Calls;

public sealed class LimitTests
{
    private static readonly Uri Customer = new("/tools/crm/customers/1", UriKind.Relative);

    [Theory]
    [InlineData("caller")]
    [InlineData("tool")]
    public async Task Rate_Exceeded_Is429AndRecorded(string which)
    {
        await using var host = await PipelineHost.StartAsync((options, _) =>
        {
            var rate = which == "caller" ? options.Limits.PerCaller : options.Limits.PerTool;
            rate.PerSecond = 2;
        });
        using var client = host.Client();
        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            using var response = await client.GetAsync(Customer);
            statuses.Add((int)response.StatusCode);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 2);
        }

        Assert.Equal([200, 200], statuses.Take(2));
        Assert.Contains(429, statuses);
        await host.Audit.WaitForOutcomesAsync(5);
        Assert.Equal(5, host.Audit.Decisions.Count);
        Assert.Contains(host.Audit.Decisions, pair => pair.Record.Decision.Reasons.Contains(ReasonCodes.RateLimited));
        Assert.Equal(statuses.Count(status => status == 200), host.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Rate_OfOneCaller_DoesNotStopAnother()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Limits.PerCaller.PerSecond = 1);
        using var first = host.Client();
        using var second = host.Client("other");
        Assert.Equal(HttpStatusCode.OK, (await first.GetAsync(Customer)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await first.GetAsync(Customer)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync(Customer)).StatusCode);
    }

    [Fact]
    public async Task RatePerSource_Exceeded_Is429BeforeIdentification()
    {
        await using var host = await PipelineHost.StartAsync((options, _) => options.Limits.PerSource.PerSecond = 1);
        using var client = host.Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Customer)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetAsync(Customer)).StatusCode);
        var (decision, outcome) = Assert.Single(host.Audit.UnidentifiedCalls);
        Assert.Equal([ReasonCodes.RateLimited], decision.Decision.Reasons);
        Assert.Equal(429, outcome.Status);
    }

    [Theory]
    [InlineData("source")]
    [InlineData("caller")]
    [InlineData("tool")]
    public async Task Concurrency_Exceeded_Is429UntilACallEnds(string which)
    {
        await using var host = await PipelineHost.StartAsync((options, _) =>
        {
            var limits = options.Limits;
            (which == "source" ? limits.PerSource : which == "caller" ? limits.PerCaller : limits.PerTool).Concurrent = 1;
        });
        var release = new TaskCompletionSource();
        host.Upstream.Respond = async (_, stream, cancellation) =>
        {
            await release.Task.WaitAsync(cancellation);
            await stream.WriteAsync(ToolGateway.Testing.RawUpstream.Answer("{}"), cancellation);
        };
        using var client = host.Client();
        var first = client.GetAsync(Customer);
        await host.Audit.WaitForDecisionAsync();
        using (var second = await client.GetAsync(Customer))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
            Assert.Contains(ReasonCodes.ConcurrencyLimited, await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        release.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Customer)).StatusCode);
    }
}
