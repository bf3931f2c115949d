using System.Buffers;
using System.Text;
using System.Text.Json;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Decisions.Input;
using ToolGateway.Identity;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls;

namespace ToolGateway.Tests.Decisions;

public sealed class DecisionInputTests
{
    [Fact]
    public void Write_HttpCall_IsTheContractsDocument()
    {
        var input = Calls.Refund("""{"order":"A-17","amount":40}""");
        Assert.Equal(
            Normal(
                """
                {"subject":{"type":"agent","id":"spiffe://acme.test/agent/support","properties":{"authentication":"mtls","name":"support","registered":true,
                "owner":"team-support@acme.test","environment":"prod","tenant":"acme","review_overdue":false,"issuer":null,"claims":{}}},
                "action":{"name":"refunds.create","properties":{"method":"POST","risk":"high","effect":"write"}},
                "resource":{"type":"tool","id":"crm","properties":{"protocol":"http","owner":"team-crm@acme.test","environment":"prod","tenant":"acme",
                "data":["pii"],"destination":"internal"}},
                "context":{"arguments":{"path":{},"query":{},"body":{"order":"A-17","amount":40}},
                "intent":{"task":"T-1","purpose":"refund-order","verified":true},"delegation":null,"mcp":null,
                "request":{"id":"call-1","remote_address":"10.0.0.7","time":"2026-11-22T05:16:51.051Z"}}}
                """),
            Normal(Json(input)));
    }

    [Fact]
    public void Write_Body_IsSplicedAsItWasReceived() =>
        Assert.Contains("""{ "amount" : 4.0e1 }""", Json(Calls.Refund("""{ "amount" : 4.0e1 }""")), StringComparison.Ordinal);

    [Fact]
    public void Write_Visibility_HasCandidatesAndNoArguments()
    {
        var document = (RegoObject)RegoJson.Parse(Json(Calls.Mcp("mcp:tools/list") with { Candidates = ["b", "a"] }));
        Assert.Equal("""["b","a"]""", document.TryGetValue("candidates", out var names) ? names.ToJson() : null);
        Assert.False(((RegoObject)Member(document, "context")).TryGetValue("arguments", out _));
    }

    public static TheoryData<string> Variants => [.. Inputs.Keys];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Source_EveryMember_EqualsTheWrittenDocument(string variant)
    {
        var input = Inputs[variant];
        var lazy = RegoObject.FromSource(new DecisionInputSource(input));
        Assert.Equal(Normal(Json(input)), Materialise(lazy).ToJson());
    }

    [Fact]
    public void Source_BodyThatIsNotRead_IsNotParsed()
    {
        // Classification never lets such a body pass; if it is touched, it throws.
        var lazy = RegoObject.FromSource(new DecisionInputSource(Calls.Refund("{ not json")));
        var arguments = (RegoObject)Member((RegoObject)Member(lazy, "context"), "arguments");
        Assert.Equal("{}", Member(arguments, "path").ToJson());
        Assert.ThrowsAny<JsonException>(() => arguments.TryGetValue("body", out _));
    }

    private static Dictionary<string, DecisionInput> Inputs { get; } = new()
    {
        ["read"] = Calls.Read,
        ["refund"] = Calls.Refund("""{"order":"A-17","amount":40.50,"deep":[{"x":null}]}"""),
        ["scalar body"] = Calls.Refund("12345678901234567"),
        ["delegation"] = Calls.Question(Calls.ReadCall, Calls.Caller with { Delegation = new DelegationSubject("user", "https://issuer.acme.test#ada") }),
        ["claims"] = Calls.Question(Calls.ReadCall, Calls.Caller with { Claims = Calls.Object("""{"scope":"a b","roles":["x"]}"""), Issuer = "https://issuer.acme.test" }),
        ["unregistered user"] = Calls.Question(Calls.ReadCall, Calls.Caller with { Type = "user", Agent = null, Authentication = "jwt" }),
        ["overdue"] = Calls.Question(Calls.ReadCall, Calls.Caller with { Agent = Calls.Support with { ReviewBy = new DateOnly(2026, 1, 1) } }),
        ["headers"] = Calls.Question(Calls.ReadCall with { HeaderArguments = Calls.Object("""{"x-region":"eu"}"""), QueryArguments = Calls.Object("""{"q":["1"]}""") }),
        ["shared tool"] = Calls.Question(Calls.ReadCall with { Tool = Calls.Crm with { Environment = null, Tenant = null, Destination = null } }),
        ["mcp"] = Calls.Mcp("read_file", """{"path":"/a"}"""),
        ["mcp method"] = Calls.Mcp("mcp:tools/list"),
        ["mcp responses"] = Calls.Question(Calls.Mcp("read_file").Call with
        {
            Mcp = new McpCall("tools/call", null, Calls.Object("""{"r":{"a":1}}"""), "sha-256:00") { PinnedAnnotations = Calls.Object("""{"readOnlyHint":true}""") },
        }),
        ["candidates"] = Calls.Mcp("mcp:tools/list") with { Candidates = ["read_file", "\"quoted\""] },
    };

    private static string Json(DecisionInput input)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        DecisionInputJson.Write(writer, input);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Normal(string json) => RegoJson.Parse(json).ToJson();

    private static RegoValue Member(RegoObject value, string name) => value.TryGetValue(name, out var member) ? member : throw new KeyNotFoundException(name);

    private static RegoValue Materialise(RegoValue value) =>
        value is RegoObject members ? RegoObject.From(members.Select(pair => KeyValuePair.Create(pair.Key, Materialise(pair.Value)))) : value;
}
