using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Evaluation;

/// <summary>Steps are exact, so what must not grow is compared as numbers.</summary>
public sealed class CostTests
{
    [Theory]
    [InlineData("allow if {{ input.action == \"a{0}\"; input.type == \"agent\" }}", "t/allow")]
    [InlineData("deny contains \"r{0}\" if {{ input.action == \"a{0}\"; input.type == \"agent\" }}", "t/deny")]
    [InlineData("f(\"a{0}\", x) := x + 1\nallow{0}x if f(\"a{0}\", 1)", "t/allow5x")]
    [InlineData("f(x) := 1 if x.y == \"a{0}\"\nallow{0}x if f({{\"y\": \"a5\"}})", "t/allow5x")]
    public void Evaluate_MoreRulesThatCannotHold_CostsNoMore(string rule, string path)
    {
        var few = Steps(10, rule, path);

        Assert.Equal(few, Steps(1000, rule, path));
    }

    [Fact]
    public void Evaluate_MoreGrantsInData_CostsNoMore()
    {
        const string policy = "package t\nallow if { some g in data.grants[input.who]; g.tool == input.tool }";

        Assert.Equal(Steps(policy, 10), Steps(policy, 10_000));

        static long Steps(string module, int grants)
        {
            var members = string.Join(',', Enumerable.Range(0, grants).Select(static i => $$"""
                "u{{i}}": [{"tool": "crm"}]
                """));
            return Policies.Compile(Policies.Object($$"""{"grants": { {{members}} } }"""), module)
                .Run("data.t.allow", """{"who": "u5", "tool": "crm"}""").Steps;
        }
    }

    [Fact]
    public void Evaluate_ClosedComprehensionInLoop_IsComputedOnce()
    {
        var policy = Policies.Compile("package t\np := [y | some i in numbers.range(1, 100); y := count([x | some x in numbers.range(1, 100)]) + i]");

        Assert.InRange(policy.Run("data.t.p").Steps, 1, 2000);
    }

    [Fact]
    public void Evaluate_OpenComprehensionInLoop_SeesTheLoop() =>
        Assert.Equal("[[1],[1,2]]", Policies.Compile("package t\np := [y | some i in [1, 2]; y := [x | some x in [1, 2]; x <= i]]").Document("t/p"));

    [Fact]
    public void Evaluate_RuleUsedTwice_IsComputedOnce()
    {
        var one = Policies.Compile("package t\nslow := count([x | some x in numbers.range(1, 500)])\np := slow").Run("data.t.p").Steps;
        var two = Policies.Compile("package t\nslow := count([x | some x in numbers.range(1, 500)])\np := slow + slow").Run("data.t.p").Steps;

        Assert.InRange(two - one, 0, 10);
    }

    [Fact]
    public void Evaluate_Again_AllocatesLittle()
    {
        var query = Policies.Compile("package t\nallow if { input.a == 1; not input.b == 2; ok }\nok if input.c in {\"x\", \"y\"}").Prepare(entryPoint: true, "t/allow");
        var input = RegoJson.Parse("""{"a": 1, "b": 1, "c": "y"}""");
        for (var i = 0; i < 100; i++)
            query.Evaluate(input, Policies.Options);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var result = query.Evaluate(input, Policies.Options);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(RegoBoolean.True, result.Value);
        Assert.InRange(allocated, 0, 128);
    }

    private static long Steps(int rules, string rule, string path)
    {
        var text = "package t\n" + string.Join('\n', Enumerable.Range(0, rules).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, rule, i)));
        var result = Policies.Compile(text).Prepare(entryPoint: true, path).Evaluate(RegoJson.Parse("""{"action": "a5", "type": "agent"}"""), Policies.Options);
        Assert.NotNull(result.Value);
        return result.Steps;
    }
}
