using System.Globalization;
using System.Text.Json;
using ToolGateway.Decisions.Input;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Rego;
using ToolGateway.Rego.Values;

namespace ToolGateway.Host.Policy.Replay;

/// <summary>A decision record, as the question that it was the answer to.</summary>
internal sealed class RecordedCall
{
    private readonly RegoObject _record;

    private RecordedCall(RegoObject record, DateTimeOffset time)
    {
        _record = record;
        Time = time;
    }

    public DateTimeOffset Time { get; }

    public string Id => Text("decision_id") ?? "";

    public string Caller => Text("subject", "name") ?? Text("subject", "id") ?? "(unidentified)";

    public string Tool => Text("resource", "id") ?? "";

    public string Action => Text("action", "name") ?? "";

    public Answer Answer => new(Text("outcome") ?? (Find("allow") is RegoBoolean { Value: true } ? "allow" : "deny"), string.Join(',', Reasons.Order(StringComparer.Ordinal)), "", 0);

    /// <summary>Why a policy had no part in it; null when one decided.</summary>
    public string? WhyNotDecided => Text("engine") switch
    {
        "embedded" or "opa" or "cache" or "embedded_fallback" when Answer.Outcome == "error" => "no answer came: " + Answer.Reasons,
        "embedded" or "opa" or "cache" or "embedded_fallback" => null,
        _ => "refused before the policy was asked: " + Answer.Reasons,
    };

    private IEnumerable<string> Reasons => Find("reasons") is RegoArray items ? items.OfType<RegoString>().Select(item => item.Value) : [];

    private bool IsMcp => Text("resource", "protocol") == "mcp";

    /// <summary>Reads a line; null when it is no decision record.</summary>
    public static RecordedCall? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return RegoJson.Parse(line) is RegoObject record && record.TryGetValue("time", out var time) && time is RegoString { Value: var text }
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) ? new RecordedCall(record, parsed) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The input document, as far as the record holds it.</summary>
    public IRegoObjectSource Input(MissingFacts missing) => new Facts("input", missing)
        .Hold("subject", Subject(missing))
        .Hold("action", RegoObject.Of(Member("name", Find("action", "name")), Member("properties", RegoObject.Of(
            Member("effect", Find("action", "effect")), Member("method", Find("action", "method")), Member("risk", Find("action", "risk"))))))
        .Hold("resource", Resource(missing))
        .Hold("context", Context(missing))
        .Hold("candidates", null);

    private RegoObject Subject(MissingFacts missing)
    {
        var subject = Find("subject") as RegoObject;
        var method = Text("credential", "method");
        var isRegistered = Text("subject", "name") is not null;
        var properties = new Facts("input.subject.properties", missing)
            .Hold("authentication", Find("credential", "method"))
            .Copy("name", subject)
            .Hold("registered", RegoBoolean.Of(isRegistered))
            .Copy("owner", subject)
            .Hold("issuer", Find("credential", "issuer"));

        // A certificate and a JWT-SVID have no claims that policies see; those of other tokens are not written down.
        _ = method is "mtls" or "jwt_svid" ? properties.Hold("claims", RegoObject.Empty) : properties.Miss("claims");
        foreach (var name in new[] { "environment", "tenant" })
            _ = isRegistered ? properties.Copy(name, subject) : properties.Hold(name, RegoNull.Value);
        if (!isRegistered)
            properties.Hold("review_overdue", RegoBoolean.False);
        else if (subject!.TryGetValue("review_by", out var date))
            properties.Hold("review_overdue", RegoBoolean.Of(IsBefore(date, Time)));
        else
            properties.Miss("review_overdue");
        return new Facts("input.subject", missing).Copy("type", subject).Copy("id", subject).Hold("properties", properties.ToObject()).ToObject();
    }

    private RegoObject Resource(MissingFacts missing)
    {
        var resource = Find("resource") as RegoObject;
        var properties = new Facts("input.resource.properties", missing);
        foreach (var name in new[] { "protocol", "owner", "environment", "tenant", "data", "destination" })
            properties.Copy(name, resource);
        return new Facts("input.resource", missing).Copy("type", resource).Copy("id", resource).Hold("properties", properties.ToObject()).ToObject();
    }

    private RegoObject Context(MissingFacts missing) => new Facts("input.context", missing)
        .Hold("arguments", new ClearArguments(Find("arguments") as RegoObject).ToObject("input.context.arguments", IsMcp, missing))
        .Copy("intent", _record)
        .Hold("delegation", Find("delegation", "subject") is { } delegating ? RegoObject.Of(Member("subject", delegating)) : RegoNull.Value)
        .Hold("mcp", IsMcp ? Mcp(missing) : RegoNull.Value)
        .Hold("request", RegoObject.Of(
            Member("id", Find("decision_id")), Member("remote_address", Find("remote_address")), Member("time", new RegoString(InputNames.Time(Time)))))
        .ToObject();

    private RegoObject Mcp(MissingFacts missing)
    {
        var mcp = Find("action", "mcp") as RegoObject;
        return new Facts("input.context.mcp", missing)
            .Copy("method", mcp).Copy("version", mcp).Miss("input_responses").Miss("request_state_digest").Miss("annotations").ToObject();
    }

    private static bool IsBefore(RegoValue date, DateTimeOffset time) =>
        date is RegoString { Value: var text } && DateOnly.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && DateOnly.FromDateTime(time.UtcDateTime) > day;

    private static KeyValuePair<RegoValue, RegoValue> Member(string name, RegoValue? value) => new(new RegoString(name), value ?? RegoNull.Value);

    private string? Text(params ReadOnlySpan<string> path) => (Find(path) as RegoString)?.Value;

    private RegoValue? Find(params ReadOnlySpan<string> path)
    {
        RegoValue? value = _record;
        foreach (var name in path)
            value = value is RegoObject map && map.TryGetValue(name, out var member) ? member : null;
        return value;
    }
}
