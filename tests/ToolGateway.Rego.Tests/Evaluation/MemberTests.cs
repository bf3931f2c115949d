namespace ToolGateway.Rego.Tests.Evaluation;

public sealed class MemberTests
{
    [Theory]
    [InlineData("p[k] := v if some k, v in {\"a\": 1, \"b\": 2}\nr := p[input.k]", "2")]
    [InlineData("p contains x if some x in [\"a\", \"b\"]\nr := p[input.k]", "\"b\"")]
    [InlineData("p contains {x, y} if { some x in [\"a\"]; some y in [\"b\"] }\nr if p[{input.k, \"a\"}]", "true")]
    [InlineData("p contains {x: y} if { some x in [\"a\"]; some y in [\"b\"] }\nr if p[{\"a\": input.k}]", "true")]
    [InlineData("p contains [x, _y] if { some x, _y in [\"b\"] }\nr := p[[0, input.k]]", "[0,\"b\"]")]
    [InlineData("p[k].q[i] := v if { some k in [\"a\", \"b\"]; some i, v in [7, 8] }\nr := p[input.k].q[1]", "8")]
    [InlineData("p[k] := v if some k, v in {\"b\": 2}\np.c := 3\nr := [p[input.k], p.c]", "[2,3]")]
    [InlineData("p[sprintf(\"%s\", [x])] := x if some x in [\"a\", \"b\"]\nr := p[input.k]", "\"b\"")]
    [InlineData("p[k] := v if some k, v in {\"a\": 1, \"b\": 2}\nr := count([x | some i in numbers.range(1, 40); x := p[[\"a\", \"b\"][i % 2]]])", "40")]
    [InlineData("p[k] := v if some k, v in {\"a\": 1}\nr := p[input.k]", "undefined")]
    public void Evaluate_OneMember_IsTheMemberOfTheWhole(string rules, string expected)
    {
        var policy = Policies.Compile("package t\n" + rules);

        Assert.Equal(expected, policy.Document("t/r", """{"k": "b"}"""));
    }

    [Fact]
    public void Evaluate_OneMember_DoesNotComputeTheOthers()
    {
        // Member a contradicts itself; only who asks for it sees that, as in OPA.
        var policy = Policies.Compile("package t\np[k] := v if { some k in [\"a\"]; some v in [1, 2] }\np[k] := 1 if some k in [\"b\"]\nr := p[input.k]");

        Assert.Equal("1", policy.Document("t/r", """{"k": "b"}"""));
        Assert.Equal(RegoErrorCodes.EvalConflict, policy.Document("t/r", """{"k": "a"}"""));
        Assert.Equal(RegoErrorCodes.EvalConflict, policy.Document("t/p"));
    }

    [Fact]
    public void Evaluate_OneMemberOfMany_CostsOneLookup()
    {
        var items = string.Join(',', Enumerable.Range(0, 5000).Select(static i => $"\"k{i}\": {i}"));
        var policy = Policies.Compile(Policies.Object($$"""{"items": { {{items}} } }"""), "package t\np[k] := v + 1 if v := data.items[k]\nr := p[input.k]");

        var result = policy.Run("data.t.r = x", """{"k": "k77"}""");

        Assert.Equal("""{"x":78}""", Assert.Single(result.Bindings).ToJson());
        Assert.InRange(result.Steps, 1, 50);
    }
}
