using System.Text;
using System.Text.Json;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Results;
using ToolGateway.Enforcement;
using ToolGateway.Rego.Values;

namespace ToolGateway.Tests.Decisions;

public sealed class DecisionResultTests
{
    private const string ManyReasons = """["a1","a2","a3","a4","a5","a6","a7","a8","a9","b1","b2","b3","b4","b5","b6","b7"]""";

    [Theory]
    [InlineData("""{"allow":true}""", "allow")]
    [InlineData("""{"allow":true,"reasons":[],"obligations":[],"cache_seconds":0}""", "allow")]
    [InlineData("""{"allow":true,"reasons":["because"]}""", "allow")]
    [InlineData("""{"allow":false,"reasons":["amount_over_limit"]}""", "amount_over_limit")]
    [InlineData("""{"allow":false,"reasons":["a","b2_c"]}""", "a,b2_c")]
    [InlineData($$"""{"allow":false,"reasons":{{ManyReasons}}}""", "a1,a2,a3,a4,a5,a6,a7,a8,a9,b1,b2,b3,b4,b5,b6,b7")]
    [InlineData("""{"allow":true,"cache_seconds":0.5}""", "allow")]
    public void Read_ValidResult_IsTakenAsItIs(string json, string expected)
    {
        var decision = ReadBoth(json);
        Assert.Equal(expected, decision.Allow ? "allow" : string.Join(',', decision.Reasons));
        Assert.False(decision.IsUnavailable);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"reasons":["a"]}""")]
    [InlineData("""{"allow":"true"}""")]
    [InlineData("""{"allow":null,"reasons":["a"]}""")]
    [InlineData("""{"allow":1}""")]
    [InlineData("""{"allow":false}""")]
    [InlineData("""{"allow":false,"reasons":[]}""")]
    [InlineData("""{"allow":true,"reason":"a"}""")]
    [InlineData("""{"allow":true,"Allow":true}""")]
    [InlineData("""{"allow":false,"reasons":"a"}""")]
    [InlineData("""{"allow":false,"reasons":{"a":true}}""")]
    [InlineData("""{"allow":false,"reasons":["Upper"]}""")]
    [InlineData("""{"allow":false,"reasons":["1a"]}""")]
    [InlineData("""{"allow":false,"reasons":["with space"]}""")]
    [InlineData("""{"allow":false,"reasons":["a\n"]}""")]
    [InlineData("""{"allow":false,"reasons":[""]}""")]
    [InlineData("""{"allow":false,"reasons":[1]}""")]
    [InlineData("""{"allow":false,"reasons":[["a"]]}""")]
    [InlineData("""{"allow":false,"reasons":["token_invalid"]}""")]
    [InlineData("""{"allow":false,"reasons":["policy_error"]}""")]
    [InlineData("""{"allow":true,"reasons":["revoked"]}""")]
    [InlineData("""{"allow":true,"cache_seconds":-1}""")]
    [InlineData("""{"allow":true,"cache_seconds":"5"}""")]
    [InlineData("""{"allow":true,"cache_seconds":null}""")]
    [InlineData("""{"allow":true,"obligations":{}}""")]
    [InlineData("""{"allow":true,"obligations":["audit_synced"]}""")]
    [InlineData("""{"allow":true,"obligations":[{}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":1}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"redact_response"}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"redact_response","pointers":"/a"}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"redact_response","pointers":["a"]}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"redact_response","pointers":[""]}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"redact_response","pointers":["/a~2"]}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"redact_response","pointers":["/a~"]}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"redact_response","pointers":[1]}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"limit_response_bytes","bytes":-1}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"limit_response_bytes","bytes":1.5}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"limit_response_bytes","bytes":"1"}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"timeout_seconds","seconds":0}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"timeout_seconds"}]}""")]
    public void Read_AnythingElse_IsInvalid(string json)
    {
        var decision = ReadBoth(json);
        Assert.False(decision.Allow);
        Assert.Equal([ReasonCodes.PolicyInvalidResult], decision.Reasons);
        Assert.Equal(TimeSpan.Zero, decision.Lifetime);
        Assert.Same(Obligations.None, decision.Obligations);
    }

    [Fact]
    public void Read_SeventeenReasons_IsInvalid() =>
        Assert.Equal([ReasonCodes.PolicyInvalidResult], ReadBoth($$"""{"allow":false,"reasons":{{ManyReasons[..^1]}},"c1"]}""").Reasons);

    [Fact]
    public void Read_LongReason_IsInvalid()
    {
        Assert.Equal([new string('a', 64)], ReadBoth($$"""{"allow":false,"reasons":["{{new string('a', 64)}}"]}""").Reasons);
        Assert.Equal([ReasonCodes.PolicyInvalidResult], ReadBoth($$"""{"allow":false,"reasons":["{{new string('a', 65)}}"]}""").Reasons);
    }

    [Theory]
    [InlineData("""{"allow":true,"obligations":[{"type":"wrap_in_paper"}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"audit_synced","now":true}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"redact_response","pointers":["/a"],"with":"x"}]}""")]
    [InlineData("""{"allow":true,"obligations":[{"type":"timeout_seconds","seconds":1,"bytes":1}]}""")]
    [InlineData("""{"allow":false,"reasons":["a"],"obligations":[{"type":"wrap_in_paper"}]}""")]
    public void Read_UnknownObligation_IsDenied(string json)
    {
        var decision = ReadBoth(json);
        Assert.False(decision.Allow);
        Assert.Equal([ReasonCodes.ObligationUnsupported], decision.Reasons);
    }

    [Fact]
    public void Read_Obligations_AreFolded()
    {
        var obligations = ReadBoth(
            """
            {"allow":true,"cache_seconds":5,"obligations":[
              {"type":"redact_response","pointers":["/a","/b/*/c"]},{"pointers":["/a","/d~1e~0"],"type":"redact_response"},
              {"type":"limit_response_bytes","bytes":1000},{"type":"limit_response_bytes","bytes":10.0},
              {"type":"timeout_seconds","seconds":2.5},{"type":"timeout_seconds","seconds":30},
              {"type":"audit_synced"},{"type":"audit_arguments","pointers":["/body/amount"]}]}
            """).Obligations;
        Assert.Equal(["/a", "/b/*/c", "/d~1e~0"], obligations.RedactResponse);
        Assert.Equal(["/body/amount"], obligations.AuditArguments);
        Assert.Equal(10, obligations.LimitResponseBytes);
        Assert.Equal(TimeSpan.FromSeconds(2.5), obligations.Timeout);
        Assert.True(obligations.AuditSynced);
    }

    [Fact]
    public void Read_CacheSeconds_IsTheLifetime()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), ReadBoth("""{"allow":true,"cache_seconds":5}""").Lifetime);
        Assert.Equal(TimeSpan.FromDays(1), ReadBoth("""{"allow":true,"cache_seconds":1e300}""").Lifetime);
    }

    [Fact]
    public void Read_MemberTwice_IsInvalid()
    {
        Assert.Equal([ReasonCodes.PolicyInvalidResult], ReadJson("""{"allow":false,"reasons":["a"],"allow":true}""").Reasons);
        Assert.Equal(
            [ReasonCodes.PolicyInvalidResult],
            ReadJson("""{"allow":true,"obligations":[{"type":"timeout_seconds","seconds":1,"seconds":9}]}""").Reasons);
    }

    [Fact]
    public void Read_Sets_AreTakenAsArrays()
    {
        var reasons = RegoSet.From([new RegoString("b"), new RegoString("a")]);
        var obligation = RegoObject.From([
            new(new RegoString("type"), new RegoString("redact_response")),
            new(new RegoString("pointers"), RegoSet.From([new RegoString("/x")]))]);
        var result = RegoObject.From([
            new(new RegoString("allow"), RegoBoolean.False),
            new(new RegoString("reasons"), reasons),
            new(new RegoString("obligations"), RegoSet.From([obligation]))]);
        var decision = RegoResultReader.ReadDecision(result, "embedded", "r1");
        Assert.Equal(["a", "b"], decision.Reasons);
        Assert.Equal(["/x"], decision.Obligations.RedactResponse);
        Assert.Equal("r1", decision.PolicyRevision);
    }

    [Fact]
    public void Read_NonStringKey_IsInvalid() =>
        Assert.Equal([ReasonCodes.PolicyInvalidResult],
            RegoResultReader.ReadDecision(RegoObject.From([new(RegoNumber.Of(1), RegoBoolean.True)]), "embedded", null).Reasons);

    [Fact]
    public void Read_Undefined_IsDenied() =>
        Assert.Equal([ReasonCodes.PolicyUndefined], RegoResultReader.ReadDecision(null, "embedded", null).Reasons);

    [Fact]
    public void Read_AnyJson_GivesTheSameFromBothReaders()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 20_000; i++)
            ReadBoth(RandomResult(random));
    }

    [Theory]
    [InlineData("""["a","b"]""", "a,b")]
    [InlineData("[]", "")]
    [InlineData("""{"a":true}""", null)]
    [InlineData("""["a",1]""", null)]
    [InlineData("""["a",["b"]]""", null)]
    [InlineData("true", null)]
    public void ReadNames_OnlyCollectionsOfStrings_AreNames(string json, string? expected)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        Assert.Equal(expected, Text(JsonResultReader.ReadNames(ref reader)));
        Assert.Equal(expected, Text(RegoResultReader.ReadNames(RegoJson.Parse(bytes))));
        Assert.False(reader.Read());

        static string? Text(HashSet<string>? names) => names is null ? null : string.Join(',', names.Order(StringComparer.Ordinal));
    }

    private static Decision ReadBoth(string json)
    {
        var fromJson = ReadJson(json);
        var fromValue = RegoResultReader.ReadDecision(RegoJson.Parse(json), "test", null);
        Assert.True(fromJson.Allow == fromValue.Allow, json);
        Assert.Equal(fromValue.Reasons, fromJson.Reasons);
        Assert.Equal(fromValue.Lifetime, fromJson.Lifetime);
        Assert.Equal(fromValue.Obligations.RedactResponse, fromJson.Obligations.RedactResponse);
        Assert.Equal(fromValue.Obligations.LimitResponseBytes, fromJson.Obligations.LimitResponseBytes);
        Assert.Equal(fromValue.Obligations.Timeout, fromJson.Obligations.Timeout);
        return fromJson;
    }

    private static Decision ReadJson(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        var decision = JsonResultReader.ReadDecision(ref reader, "test", null);
        Assert.False(reader.Read(), $"not read to the end: {json}");
        return decision;
    }

    private static string RandomResult(Random random)
    {
        var members = new Dictionary<string, string>();
        foreach (var name in new[] { "allow", "reasons", "obligations", "cache_seconds", "other" })
        {
            if (random.Next(name == "other" ? 20 : 3) != 0 || name == "allow")
                members[name] = random.Next(12) == 0 ? RandomValue(random, 2) : Likely(name, random);
        }

        return "{" + string.Join(',', members.Select(member => $"\"{member.Key}\":{member.Value}")) + "}";
    }

    private static string Likely(string name, Random random) => name switch
    {
        "allow" => random.Next(2) == 0 ? "true" : "false",
        "reasons" => random.Next(2) == 0 ? """["over_limit","late"]""" : """["late"]""",
        "cache_seconds" => $"{random.Next(-1, 20)}",
        "obligations" => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Obligation(random)))}]",
        _ => "1",
    };

    private static string Obligation(Random random) => random.Next(7) switch
    {
        0 => """{"type":"audit_synced"}""",
        1 => $$"""{"type":"timeout_seconds","seconds":{{random.Next(0, 30)}}}""",
        2 => $$"""{"bytes":{{random.Next(-1, 300)}},"type":"limit_response_bytes"}""",
        3 => """{"type":"redact_response","pointers":["/a","/b~0"]}""",
        4 => $$"""{"type":"redact_response","pointers":{{RandomValue(random, 2)}}}""",
        5 => $$"""{"type":{{RandomValue(random, 1)}},"seconds":{{RandomValue(random, 1)}}}""",
        _ => RandomValue(random, 2),
    };

    private static string RandomValue(Random random, int depth) => random.Next(depth > 0 ? 8 : 6) switch
    {
        0 => "null",
        1 => "true",
        2 => $"{random.Next(-5, 100)}",
        3 => "1.5",
        4 => "\"/text\"",
        5 => "\"timeout_seconds\"",
        6 => $"[{RandomValue(random, depth - 1)},{RandomValue(random, depth - 1)}]",
        _ => $$"""{"a":{{RandomValue(random, depth - 1)}},"b":{{RandomValue(random, depth - 1)}}}""",
    };
}
