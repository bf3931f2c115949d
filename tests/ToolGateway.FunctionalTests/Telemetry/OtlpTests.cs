using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf.Collections;
using ToolGateway.FunctionalTests.Telemetry.Wire;
using ToolGateway.Telemetry;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Telemetry;

/// <summary>What arrives at a collector after a known set of calls. The variables are the process's, so the gateway is a process of its own.</summary>
public sealed class OtlpTests
{
    /// <summary>Wherever a caller can put text, the calls put this.</summary>
    private const string Marker = "callers-own-text";

    private const string AgentsTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string AgentsSpan = "b7ad6b7169203331";

    [Fact]
    public async Task HttpProtobuf_KnownCalls_GiveTheirMetricsTracesAndLogs()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var fixture = await RunAsync(collector.HttpUrl, "http/protobuf");

        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], collector.Requests.Keys.Order(StringComparer.Ordinal));
        CheckResource(collector);
        CheckDecisions(collector);
        CheckDurations(collector);
        CheckInstruments(collector);
        CheckTrace(collector, fixture);
        CheckCallersText(collector);
    }

    [Fact]
    public async Task Grpc_KnownCalls_GiveTheirMetricsTracesAndLogs()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var fixture = await RunAsync(collector.GrpcUrl, "grpc");

        Assert.Equal(3, collector.Requests.Count);
        Assert.All(collector.Requests.Keys, static path => Assert.StartsWith("/opentelemetry.proto.collector.", path, StringComparison.Ordinal));
        CheckDecisions(collector);
        CheckTrace(collector, fixture);
    }

    [Fact]
    public async Task HttpProtobuf_WithASidecar_JoinsItsDecisionsAndTellsRetriesAndReuse()
    {
        await using var opa = RawUpstream.Start();
        var isBroken = true;
        opa.Respond = (request, stream, cancellation) =>
        {
            if (!Encoding.UTF8.GetString(request.Body).Contains("agent/support", StringComparison.Ordinal))
                return stream.WriteAsync(RawUpstream.Answer("""{"provenance":{"bundles":{"acme":{"revision":"r1"}}},"result":{"allow":false,"reasons":["nobody"],"obligations":[],"cache_seconds":0}}"""), cancellation).AsTask();
            if (!isBroken)
                return stream.WriteAsync(RawUpstream.Answer("""{"decision_id":"opa-7","provenance":{"bundles":{"acme":{"revision":"r1"}}},"result":{"allow":true,"reasons":[],"obligations":[],"cache_seconds":60}}"""), cancellation).AsTask();
            isBroken = false;
            stream.Socket.Close(0);
            return Task.CompletedTask;
        };
        await using var collector = await OtlpReceiver.StartAsync();
        await using var fixture = await GatewayFixture.StartAsync(configure => configure.Configuration["Decisions"] = JsonNode.Parse(
            $$"""{ "Engine": "Opa", "Opa": { "Address": "{{opa.Url}}", "Timeout": "00:00:10" } }"""));
        await fixture.StopAsync();
        using (var gateway = await GatewayProcess.StartAsync(fixture, Exporting(collector.HttpUrl, "http/protobuf")))
        {
            using var certificate = fixture.AgentCertificate("support");
            using var agent = fixture.Client(certificate);
            Assert.Equal(HttpStatusCode.OK, await SendAsync(agent, "GET", "/tools/crm/customers/42", inTrace: true));
            Assert.Equal(HttpStatusCode.OK, await SendAsync(agent, "GET", "/tools/crm/customers/42"));
            Assert.Equal(0, await gateway.TerminateAsync());
        }

        Assert.Equal(
            ["tool=crm action=customers.read outcome=allow reason= engine=cache: 1", "tool=crm action=customers.read outcome=allow reason= engine=opa: 1"],
            Values(collector.Metric("toolgateway.decisions").Sum, "tool", "action", "outcome", "reason", "engine"));
        var asked = Assert.Single(collector.Spans, static entry => entry.Span.Name == "decide" && Hex(entry.Span.TraceId) == AgentsTrace).Span;
        Assert.Contains(asked.Attributes, static attribute => attribute.Key == "opa.decision_id" && Text(attribute.Value) == "opa-7");
        Assert.Contains(asked.Events, static entry => entry.Name == "OnRetry");
        Assert.Contains("engine=opa kind=retry: 1", Values(collector.Metric("toolgateway.decision_point.failures").Sum, "engine", "kind"));
        Assert.Contains("result=hit: 1", Values(collector.Metric("toolgateway.cache.requests").Sum, "result"));
    }

    private static Dictionary<string, string?> Exporting(string url, string protocol) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
        ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=test",
    };

    /// <summary>One allowed call in an agent's trace, a denial, an unknown action, an unknown tool, a refused caller, an odd method; then the process ends.</summary>
    private static async Task<GatewayFixture> RunAsync(string url, string protocol)
    {
        var fixture = await GatewayFixture.StartAsync();
        await fixture.StopAsync();
        using var gateway = await GatewayProcess.StartAsync(fixture, Exporting(url, protocol));
        using var certificate = fixture.AgentCertificate("support");
        using var agent = fixture.Client(certificate);
        using var nobody = fixture.Client(token: Marker);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(agent, "GET", $"/tools/crm/customers/{Marker}?fields={Marker}", inTrace: true));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(agent, "GET", "/tools/crm/customers"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(agent, "GET", $"/tools/crm/{Marker}"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(agent, "GET", $"/tools/{Marker}/x"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await SendAsync(agent, Marker, "/tools/crm/customers"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(nobody, "GET", "/tools/crm/customers"));
        Assert.Equal(0, await gateway.TerminateAsync());
        return fixture;
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient client, string method, string target, bool inTrace = false)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(target, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("User-Agent", Marker);
        request.Headers.TryAddWithoutValidation("Agent-Task", Marker);
        request.Headers.TryAddWithoutValidation("baggage", $"text={Marker}");
        if (inTrace)
            request.Headers.TryAddWithoutValidation("traceparent", $"00-{AgentsTrace}-{AgentsSpan}-01");
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static void CheckResource(OtlpReceiver collector)
    {
        Assert.Equal("toolgateway", collector.Resource["service.name"]);
        Assert.Equal("gw-test", collector.Resource["service.instance.id"]);
        Assert.Equal("test", collector.Resource["deployment.environment.name"]);
        Assert.NotEmpty(collector.Logs);
    }

    private static void CheckDecisions(OtlpReceiver collector)
    {
        var decisions = collector.Metric("toolgateway.decisions");
        Assert.Equal("{decision}", decisions.Unit);
        Assert.True(decisions.Sum.Monotonic);
        Assert.Equal(
            [
                "tool=_other action=_other outcome=deny reason=tool_unknown engine=none: 1",
                "tool=crm action=_other outcome=deny reason=action_unknown engine=none: 1",
                "tool=crm action=_other outcome=deny reason=method_not_allowed engine=none: 1",
                "tool=crm action=customers.export outcome=deny reason=not_granted engine=embedded: 1",
                "tool=crm action=customers.read outcome=allow reason= engine=embedded: 1",
            ],
            Values(decisions.Sum, "tool", "action", "outcome", "reason", "engine"));
        Assert.Equal(["method=jwt reason=token_invalid: 1"], Values(collector.Metric("toolgateway.identity.refusals").Sum, "method", "reason"));
    }

    private static void CheckDurations(OtlpReceiver collector)
    {
        foreach (var name in new[] { "toolgateway.decision.duration", "toolgateway.request.duration", "toolgateway.stage.duration" })
        {
            var metric = collector.Metric(name);
            Assert.Equal("s", metric.Unit);
            Assert.NotEmpty(metric.Description);
            Assert.All(metric.Histogram.Points, static point =>
            {
                Assert.Equal(TelemetryNames.DurationBuckets, point.Bounds);
                Assert.Equal(point.Count, (ulong)point.Buckets.Sum(static count => (long)count));
                Assert.InRange(point.Sum, 1e-7, 60);
            });
        }

        Assert.Equal(
            ["stage=classify: 4", "stage=decide: 2", "stage=identify: 6", "stage=record: 5", "stage=upstream: 1"], Counts(collector.Metric("toolgateway.stage.duration"), "stage"));
        Assert.Equal(["engine=embedded outcome=allow: 1", "engine=embedded outcome=deny: 1"], Counts(collector.Metric("toolgateway.decision.duration"), "engine", "outcome"));
        Assert.Equal(
            ["tool=_other outcome=blocked: 1", "tool=crm outcome=blocked: 4", "tool=crm outcome=completed: 1"], Counts(collector.Metric("toolgateway.request.duration"), "tool", "outcome"));
    }

    /// <summary>Section 10's other instruments, with their units.</summary>
    private static void CheckInstruments(OtlpReceiver collector)
    {
        Assert.Equal("{record}", collector.Metric("toolgateway.audit.records").Unit);
        var records = Values(collector.Metric("toolgateway.audit.records").Sum, "type");
        Assert.Contains("type=decision: 6", records);
        Assert.Contains("type=outcome: 6", records);
        Assert.Equal("{record}", collector.Metric("toolgateway.audit.queue").Unit);
        Assert.Equal("{entry}", collector.Metric("toolgateway.cache.entries").Unit);
        Assert.Equal(
            ["part=shadow result=accepted: 0", "part=shadow result=refused: 0", "part=snapshot result=accepted: 0", "part=snapshot result=refused: 0"], Values(collector.Metric("toolgateway.snapshot.reloads").Sum, "part", "result"));
        Assert.Equal(2, collector.Metric("toolgateway.snapshot.info").Gauge.Points.Count);
        Assert.Equal("s", collector.Metric("toolgateway.credential.expiry").Unit);
    }

    private static void CheckTrace(OtlpReceiver collector, GatewayFixture fixture)
    {
        var trace = collector.Spans.Select(static entry => entry.Span).Where(static span => Hex(span.TraceId) == AgentsTrace).ToArray();
        var server = Assert.Single(trace, static span => Hex(span.ParentSpanId) == AgentsSpan);
        Assert.Equal("GET /tools/crm/customers/{id}", server.Name);
        Assert.Equal(2, server.Kind);
        var attributes = server.Attributes.ToDictionary(static attribute => attribute.Key, static attribute => Text(attribute.Value), StringComparer.Ordinal);
        Assert.Equal("GET", attributes["http.request.method"]);
        Assert.Equal("/tools/crm/customers/{id}", attributes["http.route"]);
        Assert.Equal("200", attributes["http.response.status_code"]);
        Assert.Equal("customers.read", attributes["toolgateway.action"]);
        var stages = trace.Where(span => span.ParentSpanId.Equals(server.SpanId)).ToDictionary(static span => span.Name, StringComparer.Ordinal);
        Assert.Equal(["classify", "decide", "identify", "record", "upstream"], stages.Keys.Order(StringComparer.Ordinal));
        var decision = stages["decide"].Attributes.ToDictionary(static attribute => attribute.Key, static attribute => Text(attribute.Value), StringComparer.Ordinal);
        Assert.Equal("allow", decision["toolgateway.decision.outcome"]);
        Assert.Matches("^[0-9a-f]{32}$", decision["toolgateway.decision.id"]);

        // The tool's own span hangs below the gateway's span of the upstream's call.
        Assert.Equal(3, stages["upstream"].Kind);
        var request = Assert.Single(fixture.Upstream.Requests);
        Assert.Equal($"00-{AgentsTrace}-{Hex(stages["upstream"].SpanId)}-01", request.Header("traceparent"));
        Assert.Null(request.Header("baggage"));

        // Probes are no calls.
        Assert.Equal(6, collector.Spans.Count(static entry => entry.Span.Kind == 2));
    }

    private static void CheckCallersText(OtlpReceiver collector)
    {
        Assert.All(collector.Metrics, static entry => Assert.DoesNotContain(Marker, entry.Metric.ToString(), StringComparison.OrdinalIgnoreCase));
        Assert.All(collector.Spans, static entry => Assert.DoesNotContain(Marker, entry.Span.ToString(), StringComparison.OrdinalIgnoreCase));

        // The records of the audit log are its lines, and hold what the caller said of the call.
        Assert.All(collector.Logs, static entry => Assert.DoesNotContain(
            Marker, entry.Scope == "ToolGateway.Audit" ? entry.Log.Attributes.ToString() : entry.Log.ToString(), StringComparison.OrdinalIgnoreCase));
    }

    private static string[] Values(Numbers numbers, params string[] tags) =>
        [.. numbers.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{Tags(point.Attributes, tags)}: {point.Whole + point.Real}")).Order(StringComparer.Ordinal)];

    private static string[] Counts(MetricItem metric, params string[] tags) =>
        [.. metric.Histogram.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{Tags(point.Attributes, tags)}: {point.Count}")).Order(StringComparer.Ordinal)];

    private static string Tags(RepeatedField<Wire.Attribute> attributes, string[] names)
    {
        Assert.Equal(names.Order(StringComparer.Ordinal), attributes.Select(static attribute => attribute.Key).Order(StringComparer.Ordinal));
        return string.Join(' ', names.Select(name => $"{name}={Text(attributes.Single(attribute => attribute.Key == name).Value)}"));
    }

    private static string Text(Content content) => content.KindCase switch
    {
        Content.KindOneofCase.Whole => content.Whole.ToString(CultureInfo.InvariantCulture),
        Content.KindOneofCase.List => string.Join(',', content.List.Values.Select(Text)),
        _ => content.Text,
    };

    private static string Hex(Google.Protobuf.ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
