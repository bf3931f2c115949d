namespace ToolGateway.Rego.Tests.Evaluation;

public sealed class WithTests
{
    [Theory]
    [InlineData("p := x if x := input.a with input.a as 1", "1")]
    [InlineData("p := x if { z := input.a with input.a as 1; y := input.a; x := [z, y] }", "[1,0]")]
    [InlineData("p := x if x := q with data.t.q as 5", "5")]
    [InlineData("p := [q, r] if { r := q with input.a as 9 }", "[0,9]")]
    [InlineData("p := x if x := f(1) with f as g", "\"g\"")]
    [InlineData("p := x if x := f(1) with f as 7", "7")]
    [InlineData("p := x if x := count([1]) with count as g", "\"g\"")]
    [InlineData("p := x if x := data.x.y with data.x.y as 1", "1")]
    [InlineData("p := x if x := data.x.y[2] with data.x.y as [1, 2, 3]", "3")]
    [InlineData("p := [x | some i in [1, 2]; x := q with input.a as i]", "[1,2]")]
    public void Evaluate_Modifier_AppliesToItsExpressionOnly(string rule, string expected)
    {
        var policy = Policies.Compile("package t\nq := input.a\nf(_) := \"f\"\ng(_) := \"g\"\n" + rule);

        Assert.Equal(expected, policy.Document("t/p", """{"a": 0}"""));
    }

    [Fact]
    public void Evaluate_MergeIntoScalar_IsMergeError()
    {
        var policy = Policies.Compile("package t\np if input.a.b with input.a.b as 1");

        Assert.Equal(RegoErrorCodes.EvalWithMerge, policy.Document("t/p", """{"a": 0}"""));
    }

    [Theory]
    [InlineData("p if true with nothing as 1")]
    [InlineData("p if true with rego.metadata.rule as 1")]
    [InlineData("p if true with data[input.x] as 1")]
    public void Compile_TargetThatIsNone_IsError(string rule) => Assert.NotEmpty(Policies.Errors("package t\n" + rule));
}
