using System.Text;
using System.Text.Json;
using ToolGateway.Enforcement;
using ToolGateway.Testing;

namespace ToolGateway.Tests.Decisions.Opa;

/// <summary>What a real OPA 1.9 answered, byte for byte.</summary>
public sealed class OpaReplayTests
{
    [Fact]
    public async Task Decide_RecordedAnswers_AreUnderstood()
    {
        if (Repository.Shared("conformance/opa-rest") is not { } folder)
            return;
        using var opa = FakeOpa.Start();
        await using var harness = new DecisionHarness(options =>
        {
            options.Engine = "Opa";
            options.Opa.Address = opa.Address;
            options.Opa.Timeout = TimeSpan.FromSeconds(5);
            options.Opa.CircuitMinimumCalls = 1000;
        });
        var seen = 0;
        foreach (var exchange in new[] { "rest.json", "rest-unix.json", "rest-authz.json" }.SelectMany(file => Exchanges(Path.Combine(folder, file)).ToArray()))
        {
            opa.Answer = _ => Bytes(exchange.GetProperty("response"));
            var decision = await harness.DecideAsync();
            Assert.False(decision.Allow);
            Assert.Equal(Expected(exchange.GetProperty("response")), (decision.Reasons.Single(), decision.IsUnavailable));
            if (Result(exchange.GetProperty("response"), "decision_id") is { } id)
                Assert.Equal(id.GetString(), decision.OpaDecisionId);
            seen++;
        }

        Assert.True(seen > 30, $"{seen} exchanges");
    }

    // The recorded policy's results are not of the contract's shape, so none of them may allow.
    private static (string Reason, bool IsUnavailable) Expected(JsonElement response) => response.GetProperty("status").GetInt32() switch
    {
        200 when response.GetProperty("body").ValueKind != JsonValueKind.Object => (ReasonCodes.PolicyUnavailable, true),
        200 when Result(response, "result") is null => (ReasonCodes.PolicyUndefined, false),
        200 => (ReasonCodes.PolicyInvalidResult, false),
        500 when Result(response, "errors") is not null => (ReasonCodes.PolicyError, false),
        _ => (ReasonCodes.PolicyUnavailable, true),
    };

    private static JsonElement? Result(JsonElement response, string name) =>
        response.TryGetProperty("body", out var body) && body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) ? value : null;

    private static JsonElement.ArrayEnumerator Exchanges(string file) =>
        JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("exchanges").EnumerateArray();

    private static string Bytes(JsonElement response)
    {
        var body = response.GetProperty("body_text").GetString() ?? "";
        var text = new StringBuilder($"HTTP/1.1 {response.GetProperty("status").GetInt32()} Status\r\n");
        var isChunked = false;
        foreach (var header in response.GetProperty("headers").EnumerateObject())
        {
            text.Append(header.Name).Append(": ").Append(header.Value.GetString()).Append("\r\n");
            isChunked |= header.Name == "transfer-encoding";
        }

        if (response.GetProperty("status").GetInt32() == 204)
            return text.Append("\r\n").ToString();
        return isChunked
            ? text.Append("\r\n").Append($"{Encoding.UTF8.GetByteCount(body):x}\r\n{body}\r\n0\r\n\r\n").ToString()
            : text.Append("\r\n").Append(body).ToString();
    }
}
