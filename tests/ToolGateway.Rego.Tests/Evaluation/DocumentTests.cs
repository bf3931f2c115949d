using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Evaluation;

public sealed class DocumentTests
{
    [Theory]
    [InlineData("""p := 1""", "1")]
    [InlineData("""p := 1 if false""", "undefined")]
    [InlineData("""default p := 7""", "7")]
    [InlineData("""default p := [x | some x in [2, 1]]""", "[2,1]")]
    [InlineData("""p := 1 if input.a else := 2 if input.b else := 3""", "3")]
    [InlineData("""p contains x if some x in ["b", "a", "b"]""", """["a","b"]""")]
    [InlineData("""p[k] := v if some k, v in {"x": 1, "y": 2}""", """{"x":1,"y":2}""")]
    [InlineData("""p[a].q[b] := 1 if { some a in ["m", "n"]; some b in ["s"] }""", """{"m":{"q":{"s":1}},"n":{"q":{"s":1}}}""")]
    [InlineData("""p[a].q contains b if { some a in ["m"]; some b in [2, 1] }""", """{"m":{"q":[1,2]}}""")]
    [InlineData("""p := {x: y | some x, y in ["a", "b"]}""", """{"0":"a","1":"b"}""")]
    [InlineData("""p := f(1, [2, 3]); f(x, [y, _]) := x + y""", "3")]
    [InlineData("""p := [f(1), f(2)]; default f(_) := "other"; f(1) := "one" """, """["one","other"]""")]
    [InlineData("""p if every x in [1, 2] { x < 3 }""", "true")]
    [InlineData("""p if every x in [] { x }""", "true")]
    [InlineData("""p if every k, v in {"a": 1} { k == "b"; v == 1 }""", "undefined")]
    [InlineData("""p := y if { [1, {"a": y}] = [1, {"a": 2}] }""", "2")]
    [InlineData("""p := [x, y] if { [x, 1] = [2, y] }""", "[2,1]")]
    [InlineData("""p := [x | walk([1, [2]], [_, x]); is_number(x)]""", "[1,2]")]
    [InlineData("""p := count(data.m)""", "0")]
    public void Evaluate_Rule_GivesDocument(string rules, string expected)
    {
        var policy = Policies.Compile("package t\n" + rules.Replace("; f(", "\nf(", StringComparison.Ordinal).Replace("; default", "\ndefault", StringComparison.Ordinal));

        Assert.Equal(expected == "0" ? "undefined" : expected, policy.Document("t/p"));
    }

    [Fact]
    public void Evaluate_Negation_FollowsHoisting()
    {
        // As in OPA: what an operand looks up is looked up outside of a plain not, but within one that future.keywords.not extends.
        const string rules = "p if not count(input.missing) > 1\nq if not input.missing == 1\n";

        Assert.Equal("undefined", Policies.Compile("package t\n" + rules).Document("t/p", "{}"));
        Assert.Equal("true", Policies.Compile("package t\n" + rules).Document("t/q", "{}"));
        Assert.Equal("true", Policies.Compile("package t\nimport future.keywords.not\n" + rules).Document("t/p", "{}"));
    }

    [Theory]
    [InlineData("p := 1 if true\np := 2 if true")]
    [InlineData("p := x if some x in [1, 2]")]
    [InlineData("p[\"a\"] := x if some x in [1, 2]")]
    [InlineData("p[k] := x if { some x in [1, 2]; k := \"a\" }")]
    [InlineData("p := {\"a\": x | some x in [1, 2]}")]
    [InlineData("f(_) := x if some x in [1, 2]\np := f(1)")]
    public void Evaluate_ContradictingResults_IsConflict(string rules) =>
        Assert.Equal(RegoErrorCodes.EvalConflict, Policies.Compile("package t\n" + rules).Document("t/p"));

    [Fact]
    public void Evaluate_Extent_MergesRulesOverData()
    {
        var data = Policies.Object("""{"a": {"base": 1, "b": {"x": 2}}}""");
        var policy = Policies.Compile(data, "package a.b\np := 3\nf(_) := 1\n", "package a.c\nq if false\n");

        Assert.Equal("""{"b":{"p":3,"x":2},"base":1,"c":{}}""", policy.Document("a"));
    }

    [Fact]
    public void Evaluate_DynamicReference_ChoosesRulesAndData()
    {
        var data = Policies.Object("""{"a": {"base": {"p": 1}}}""");
        var policy = Policies.Compile(data, "package a.one\np := 2\n", "package a.two\nf(_) := 1\n", "package t\nr := [[k, v] | v := data.a[k].p]\ns := data.a[input.k].p");

        Assert.Equal("""[["one",2],["base",1]]""", policy.Document("t/r"));
        Assert.Equal("2", policy.Document("t/s", """{"k": "one"}"""));
        Assert.Equal("1", policy.Document("t/s", """{"k": "base"}"""));
        Assert.Equal("undefined", policy.Document("t/s", """{"k": "two"}"""));
    }

    [Fact]
    public void Evaluate_ManyThreads_GivesSameResult()
    {
        var policy = Policies.Compile("package t\np contains y if { some x in numbers.range(1, input.n); y := x * 2 }");
        var query = policy.Prepare(entryPoint: true, "t/p");

        Parallel.For(1, 200, n =>
        {
            var result = query.Evaluate(RegoJson.Parse($$"""{"n": {{n}}}"""), Policies.Options);
            Assert.Equal(n, ((RegoSet)result.Value!).Count);
        });
    }

    [Fact]
    public void WithData_KeepsRules()
    {
        var policy = Policies.Compile(Policies.Object("""{"x": 1}"""), "package t\np := data.x");

        var changed = policy.WithData(Policies.Object("""{"x": 2}"""));

        Assert.Equal("1", policy.Document("t/p"));
        Assert.Equal("2", changed.Document("t/p"));
        Assert.NotEqual(policy.Revision, changed.Revision);
    }
}
