using System.Net;
using System.Text;
using ToolGateway.Audit;

namespace ToolGateway.FunctionalTests.Calls;

public sealed class HappyCallTests
{
    [Fact]
    public async Task Get_Allowed_IsForwardedAndRecordedAsAPair()
    {
        await using var host = await PipelineHost.StartAsync();
        using var client = host.Client();
        using var response = await client.GetAsync(new Uri("/tools/crm/customers/42?fields=name&fields=mail", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("{\"ok\":true}", await response.Content.ReadAsStringAsync());
        var request = Assert.Single(host.Upstream.Requests);
        Assert.Equal("GET /customers/42?fields=name&fields=mail HTTP/1.1", request.Line);
        Assert.Equal($"127.0.0.1:{host.Upstream.Port}", request.Header("Host"));
        Assert.Null(request.Header("Authorization"));
        var (decision, outcome) = await host.Audit.PairAsync();
        Assert.Equal("customers.read", decision.Call!.Action);
        Assert.Equal(decision.DecisionId, response.Headers.GetValues("Tool-Decision-Id").Single());
        Assert.True(decision.Decision.Allow);
        Assert.Equal((200, 200, 11, "completed"), (outcome.Status, outcome.UpstreamStatus, outcome.ResponseBytes, outcome.Ended));
    }

    [Fact]
    public async Task Post_Json_ForwardsTheReceivedBytes()
    {
        await using var host = await PipelineHost.StartAsync();
        const string body = "{ \"order\" : \"A-17\",\r\n \"amount\": 4.0e1, \"note\":\"\\u00e9é\" }";
        using var client = host.Client();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri("/tools/crm/refunds", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var request = Assert.Single(host.Upstream.Requests);
        Assert.Equal(Encoding.UTF8.GetBytes(body), request.Body);
        Assert.Equal(Encoding.UTF8.GetByteCount(body).ToString(System.Globalization.CultureInfo.InvariantCulture), request.Header("Content-Length"));
        var (_, outcome) = await host.Audit.PairAsync();
        Assert.Equal(request.Body.Length, outcome.RequestBytes);
        Assert.Equal(Durability.Synced, Assert.Single(host.Audit.Decisions).Durability);
    }

    [Fact]
    public async Task Put_Opaque_StreamsWithDigestAndSize()
    {
        await using var host = await PipelineHost.StartAsync();
        var body = new byte[200_000];
        new Random(7).NextBytes(body);
        using var client = host.Client();
        using var content = new ByteArrayContent(body);
        using var response = await client.PutAsync(new Uri("/tools/crm/files/a.bin", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(body, Assert.Single(host.Upstream.Requests).Body);
        var (_, outcome) = await host.Audit.PairAsync();
        Assert.Equal(body.Length, outcome.RequestBytes);
        Assert.Equal("sha-256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(body)), outcome.RequestDigest);
    }
}
