using System.Net;
using System.Text.Json.Nodes;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Decisions;

/// <summary>A gateway with a candidate policy in a directory beside the one that decides.</summary>
internal sealed class ShadowGateway : IAsyncDisposable
{
    /// <summary>Decides the other way round as the shipped policy does for the agent <c>support</c>.</summary>
    public const string Opposite = """
        package toolgateway

        decision := {"allow": allow, "reasons": reasons}

        default allow := false

        allow if input.action.name == "customers.export"

        reasons contains "reading_ends" if not allow

        visible contains action if some action in input.candidates
        """;

    private readonly HttpClient _agent;
    private readonly HttpClient _administration;

    private ShadowGateway(GatewayFixture fixture)
    {
        Fixture = fixture;
        _agent = fixture.Client(fixture.AgentCertificate("support"));
        _administration = new HttpClient { BaseAddress = new Uri(Administration) };
    }

    public GatewayFixture Fixture { get; }

    public string Administration => $"http://127.0.0.1:{Fixture.AdministrationPort}";

    private string CandidateFile => Path.Combine(Fixture.Directory, "candidate", "policy.rego");

    /// <summary>Starts a gateway whose candidate is one module, or what <paramref name="section"/> says.</summary>
    public static async Task<ShadowGateway> StartAsync(string? rego, string? section = null, Action<GatewayFixture>? configure = null)
    {
        var gateway = new ShadowGateway(await GatewayFixture.StartAsync(fixture =>
        {
            Directory.CreateDirectory(Path.Combine(fixture.Directory, "candidate"));
            if (rego is not null)
                File.WriteAllText(Path.Combine(fixture.Directory, "candidate", "policy.rego"), rego);
            fixture.Configuration["Decisions"]!["Shadow"] = JsonNode.Parse(section ?? """{ "Engine": "Embedded", "Embedded": { "PolicyPath": "candidate" } }""");
            configure?.Invoke(fixture);
        }));
        await gateway.ReportAsync(static report => report is not null && (report["since"] is not null || report["errors"]!.AsArray().Count > 0));
        return gateway;
    }

    /// <summary>Replaces the candidate's module as editors do.</summary>
    public void WriteCandidate(string rego)
    {
        File.WriteAllText(CandidateFile + ".new", rego);
        File.Move(CandidateFile + ".new", CandidateFile, overwrite: true);
    }

    /// <summary>The status of a call that the shipped policy allows.</summary>
    public Task<HttpStatusCode> ReadAsync() => GetAsync("/tools/crm/customers/42");

    /// <summary>The status of a call that the shipped policy denies.</summary>
    public Task<HttpStatusCode> ExportAsync() => GetAsync("/tools/crm/customers");

    /// <summary>The report of <c>/shadow</c>, null for 404, as soon as it is as wanted.</summary>
    public async Task<JsonNode?> ReportAsync(Func<JsonNode?, bool> isWanted)
    {
        JsonNode? report = null;
        for (var deadline = Environment.TickCount64 + 20_000; Environment.TickCount64 < deadline; await Task.Delay(20))
        {
            using var response = await _administration.GetAsync(new Uri("/shadow", UriKind.Relative));
            report = response.StatusCode == HttpStatusCode.NotFound ? null : JsonNode.Parse(await response.Content.ReadAsStringAsync());
            if (isWanted(report))
                return report;
        }

        throw new TimeoutException($"the report does not become as wanted: {report}");
    }

    /// <summary>The report when so many decisions have been compared.</summary>
    public async Task<JsonNode> ComparedAsync(int count) =>
        (await ReportAsync(report => report is not null && (long)report["same"]! + (long)report["different"]! + (long)report["unavailable"]! >= count))!;

    public Task<string> MetricsAsync() => _administration.GetStringAsync(new Uri("/metrics", UriKind.Relative));

    public async Task<(HttpStatusCode Status, JsonNode Checks)> ReadyAsync()
    {
        using var response = await _administration.GetAsync(new Uri("/readyz", UriKind.Relative));
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!["checks"]!);
    }

    public async ValueTask DisposeAsync()
    {
        _agent.Dispose();
        _administration.Dispose();
        await Fixture.DisposeAsync();
    }

    private async Task<HttpStatusCode> GetAsync(string path)
    {
        using var response = await _agent.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }
}
