using ToolGateway.Enforcement.Mcp;
using ToolGateway.Rego.Values;

namespace ToolGateway.Tests.Enforcement.Mcp;

public sealed class StreamedRequestsTests
{
    private static readonly RegoValue Id = RegoNumber.Of(7);

    [Fact]
    public void Find_IdThatCameAgain_HasEveryRequestOnce()
    {
        using var requests = new StreamedRequests();

        Assert.Null(requests.Find("s", "h", Id));
        requests.Add("s", "h", Id, new StreamedRequest("tools/call", ["/ssn"]));
        requests.Add("s", "h", Id, new StreamedRequest("ping", []));
        requests.Add("s", "h", Id, new StreamedRequest("tools/call", ["/ssn"]));
        requests.Add("s", "other", Id, new StreamedRequest("tools/list", []));

        Assert.Equal(["tools/call", "ping"], requests.Find("s", "h", Id)!.Select(request => request.Method));
    }

    [Fact]
    public void Find_IdThatCameTooOften_SaysNothingAndGoesOnSo()
    {
        using var requests = new StreamedRequests();

        for (var i = 0; i < 20; i++)
            requests.Add("s", "h", Id, new StreamedRequest("tools/call", [$"/{i}"]));

        Assert.Empty(requests.Find("s", "h", Id)!);
    }
}
