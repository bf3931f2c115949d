using ToolGateway.FunctionalTests.Calls;
using ToolGateway.Testing;
using Yarp.ReverseProxy.Configuration;

namespace ToolGateway.FunctionalTests.Forwarding;

/// <summary>Tools that are served by a cluster of YARP's own section keep what YARP does for them.</summary>
public sealed class NamedClusterTests
{
    [Fact]
    public async Task Calls_AreBalancedOverDestinationsWithPathsOfTheirOwn()
    {
        await using var second = RawUpstream.Start();
        await using var host = await PipelineHost.StartAsync(
            static (options, _) => (options.Tools["crm"].Upstream, options.Tools["crm"].Cluster) = (null, "crm-servers"),
            first => [Cluster(first.Url + "a/", second.Url + "b")]);
        second.Respond = (request, stream, cancellation) => stream.WriteAsync(RawUpstream.Answer("{}", 201, "Location: /b/customers/9", $"Link: <{second.Url}b/x>; rel=next"), cancellation).AsTask();
        using var client = host.Client();
        for (var i = 0; i < 4; i++)
        {
            using var response = await client.GetAsync(new Uri("/tools/crm/customers/42?limit=%C3%A9", UriKind.Relative));
            if ((int)response.StatusCode == 201)
            {
                Assert.Equal("https://gateway.acme.test/tools/crm/customers/9", response.Headers.Location?.OriginalString);
                Assert.False(response.Headers.Contains("Link"));
            }
        }

        Assert.Equal(["/a/customers/42?limit=%C3%A9", "/a/customers/42?limit=%C3%A9"], host.Upstream.Requests.Select(request => request.Line.Split(' ')[1]));
        Assert.Equal(["/b/customers/42?limit=%C3%A9", "/b/customers/42?limit=%C3%A9"], second.Requests.Select(request => request.Line.Split(' ')[1]));
    }

    [Fact]
    public async Task Destination_ThatFails_IsTakenOutByPassiveHealthChecks()
    {
        await using var host = await PipelineHost.StartAsync(
            static (options, _) => (options.Tools["crm"].Upstream, options.Tools["crm"].Cluster) = (null, "crm-servers"),
            first => [Cluster($"http://127.0.0.1:{GatewayFixture.FreePort()}", first.Url) with
            {
                HealthCheck = new HealthCheckConfig { Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = "TransportFailureRate", ReactivationPeriod = TimeSpan.FromMinutes(5) } },
                Metadata = new Dictionary<string, string> { ["TransportFailureRateHealthPolicy.RateLimit"] = "0.1" },
            }]);
        using var client = host.Client();
        var statuses = new List<int>();
        for (var i = 0; i < 40; i++)
        {
            using var response = await client.GetAsync(new Uri("/tools/crm/customers/1", UriKind.Relative));
            statuses.Add((int)response.StatusCode);
        }

        Assert.Contains(502, statuses);
        Assert.All(statuses.Skip(30), status => Assert.Equal(200, status));
        await host.Audit.WaitForOutcomesAsync(40);
        Assert.Equal(statuses.Count(status => status == 502), host.Audit.Outcomes.Count(outcome => outcome.Ended == "upstream_error"));
    }

    private static ClusterConfig Cluster(string first, string second) => new()
    {
        ClusterId = "crm-servers",
        LoadBalancingPolicy = "RoundRobin",
        Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = first }, ["two"] = new() { Address = second } },
    };
}
