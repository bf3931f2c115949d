using System.Net;
using System.Text;
using ToolGateway.Enforcement;

namespace ToolGateway.FunctionalTests.Calls;

public sealed class Http2Tests
{
    [Fact]
    public async Task Get_OverHttp2_IsForwarded()
    {
        await using var host = await PipelineHost.StartAsync();
        using var client = Client(host);
        using var response = await client.SendAsync(Request(HttpMethod.Get, "/tools/crm/customers/42"));
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (response.StatusCode, response.Version));
        Assert.Equal("GET /customers/42 HTTP/1.1", Assert.Single(host.Upstream.Requests).Line);
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("x", 400)]
    public async Task BodyOfUnknownLength_WhereNoneIsTaken_IsReadBeforeTheDecision(string body, int status)
    {
        await using var host = await PipelineHost.StartAsync();
        using var client = Client(host);
        var request = Request(HttpMethod.Get, "/tools/crm/customers/42");
        request.Content = new UnknownLength(Encoding.ASCII.GetBytes(body));
        using var response = await client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 200)
        {
            var forwarded = Assert.Single(host.Upstream.Requests);
            Assert.Null(forwarded.Header("Transfer-Encoding"));
            Assert.Null(forwarded.Header("Content-Length"));
        }
        else
        {
            Assert.Empty(host.Upstream.Requests);
            Assert.Equal([ReasonCodes.BodyUnexpected], (await host.Audit.PairAsync()).Decision.Decision.Reasons);
        }
    }

    [Fact]
    public async Task Json_OfUnknownLength_IsForwardedWithItsLength()
    {
        await using var host = await PipelineHost.StartAsync();
        using var client = Client(host);
        var request = Request(HttpMethod.Post, "/tools/crm/refunds");
        request.Content = new UnknownLength("{\"a\":1}"u8.ToArray());
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("7", Assert.Single(host.Upstream.Requests).Header("Content-Length"));
    }

    [Fact]
    public async Task Calls_OnOneConnection_LeaveAPairEach()
    {
        await using var host = await PipelineHost.StartAsync();
        using var client = Client(host);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            using var response = await client.SendAsync(Request(HttpMethod.Get, i % 4 == 0 ? "/tools/crm/nothing" : $"/tools/crm/customers/{i}"));
            return response.StatusCode;
        }));
        Assert.Equal(75, answers.Count(status => status == HttpStatusCode.OK));
        await host.Audit.WaitForOutcomesAsync(100);
        Assert.Equal(
            host.Audit.Decisions.Select(pair => pair.Record.DecisionId).Order(StringComparer.Ordinal),
            host.Audit.Outcomes.Select(outcome => outcome.DecisionId).Order(StringComparer.Ordinal));
    }

    private static HttpClient Client(PipelineHost host)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{host.Http2Port}") };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer support");
        return client;
    }

    private static HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, new Uri(path, UriKind.Relative)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private sealed class UnknownLength(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
