using ToolGateway.Rego;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Tests.Decisions.Opa;

/// <summary>
/// The decision table through the sidecar's client: what is sent is evaluated from its JSON with the shipped policy, by a peer that speaks the Data API. <see cref="RealOpaTests"/> does the same with
/// OPA where there is one; this holds input, request and answer to the embedded engine's everywhere.
/// </summary>
public sealed class OpaTableTests : IAsyncLifetime
{
    private static readonly PreparedQuery Decision = Prepare("toolgateway/decision");
    private static readonly PreparedQuery Visible = Prepare("toolgateway/visible");

    private readonly FakeOpa _opa = FakeOpa.Start();
    private readonly DecisionHarness _embedded = new(_ => { }, Policies.Shipped);
    private DecisionHarness _sidecar = null!;

    public static TheoryData<string> Cases => DecisionCases.Names;

    public Task InitializeAsync()
    {
        _opa.Answer = Evaluate;
        _sidecar = OpaFaultTests.Harness(_opa);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        await _embedded.DisposeAsync();
        _opa.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Decide_EveryCase_AgreesWithTheEmbeddedEngine(string name)
    {
        var (input, expected) = DecisionCases.All[name];
        var (opa, embedded) = (await _sidecar.DecideAsync(input), await _embedded.DecideAsync(input));
        Assert.Equal(("opa", "embedded"), (opa.Engine, embedded.Engine));
        Assert.Equal((expected, expected), (DecisionCases.Text(opa), DecisionCases.Text(embedded)));
        Assert.Equal(embedded.Reasons.Order(StringComparer.Ordinal), opa.Reasons.Order(StringComparer.Ordinal));
        Assert.Equal(embedded.Lifetime, opa.Lifetime);
        Assert.Equal(embedded.Obligations.RedactResponse, opa.Obligations.RedactResponse);
        Assert.Equal(embedded.Obligations.AuditArguments, opa.Obligations.AuditArguments);
        Assert.Equal(
            (embedded.Obligations.LimitResponseBytes, embedded.Obligations.Timeout, embedded.Obligations.AuditSynced),
            (opa.Obligations.LimitResponseBytes, opa.Obligations.Timeout, opa.Obligations.AuditSynced));
    }

    [Fact]
    public async Task Visible_Listing_AgreesWithTheEmbeddedEngine()
    {
        var listing = Calls.Mcp("mcp:tools/list") with { Candidates = ["delete_file", "read_file", "write_file"] };
        var opa = await _sidecar.Point.VisibleAsync(_sidecar.Snapshot, listing, CancellationToken.None);
        var embedded = await _embedded.Point.VisibleAsync(_embedded.Snapshot, listing, CancellationToken.None);
        Assert.Equal(["read_file"], opa.Names);
        Assert.Equal(embedded.Names, opa.Names);
    }

    private static PreparedQuery Prepare(string path) => Policies.Shipped.Policy.PrepareEntryPoint(path).Query!;

    private static string Evaluate(string request)
    {
        if (request.StartsWith("GET ", StringComparison.Ordinal))
            return FakeOpa.Json(200, "{}");
        var body = (RegoObject)RegoJson.Parse(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        var query = request.StartsWith("POST /v1/data/toolgateway/decision?", StringComparison.Ordinal) ? Decision : Visible;
        Assert.True(body.TryGetValue("input", out var input));
        var result = query.Evaluate(input, new RegoEvaluationOptions(RegoLimits.Tooling) { StrictBuiltinErrors = true });
        Assert.Null(result.Error);
        return FakeOpa.Json(200, result.Value is { } value ? $$"""{"result":{{RegoJson.Serialize(value)}}}""" : "{}");
    }
}
