using System.Diagnostics;
using System.Text;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Tests.Evaluation;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Limits;

public sealed class HostilePolicyTests
{
    private static readonly RegoEvaluationOptions Decision = new(RegoLimits.Decision);

    [Theory]
    [InlineData("p := numbers.range(0, 1000000000)")]
    [InlineData("p := count(numbers.range(0, 1000000000))")]
    [InlineData("p if { some i in numbers.range(0, 10000); some j in numbers.range(0, 10000); i + j < 0 }")]
    [InlineData("p := [x | walk(input, [_, v]); walk(input, [_, w]); x := [v, w]]")]
    [InlineData("p := concat(\"\", [s | some _ in numbers.range(0, 500); s := input.big])")]
    [InlineData("p := {x | some i in numbers.range(0, 2000); some j in numbers.range(0, 2000); x := [i, j]}")]
    [InlineData("p := bits.lsh(1, 10000000000)")]
    public void Evaluate_HostileWork_EndsInTypedErrorInTime(string rule)
    {
        var policy = Policies.Compile("package t\n" + rule);
        var items = string.Join(',', Enumerable.Range(0, 3000));
        var input = RegoJson.Parse($$"""{"items": [{{items}}], "big": "{{new string('x', 1_000_000)}}"}""");
        var watch = Stopwatch.StartNew();

        var result = policy.Prepare(entryPoint: true, "t/p").Evaluate(input, Decision);

        Assert.True(result.Error is { Code: RegoErrorCodes.LimitExceeded or RegoErrorCodes.EvalCancel } || result.Value is null, $"{result.Error} {result.Value?.Kind}");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Evaluate_DeepJson_IsAnError()
    {
        var query = Policies.Compile("package t\np := input").Prepare(entryPoint: true, "t/p");
        var json = Encoding.UTF8.GetBytes(new string('[', 100_000) + new string(']', 100_000));

        Assert.NotNull(query.Evaluate(json, Decision).Error);
    }

    [Fact]
    public void Compile_RecursionThroughReplacement_IsRefused()
    {
        var errors = Policies.Errors("package t\nf(x) := x\nh(x) := k(x)\nk(x) := y if { y := f(x) with f as h }\np := h(1)");

        Assert.All(errors, static error => Assert.Equal(RegoErrorCodes.Recursion, error.Code));
        Assert.NotEmpty(errors);
    }

    [Fact]
    public void Evaluate_LongChainOfRules_EndsAtTheCallDepth()
    {
        var rules = string.Join('\n', Enumerable.Range(0, 1000).Select(static i => $"r{i} := r{i + 1}"));
        var policy = Policies.Compile($"package t\n{rules}\nr1000 := 1");

        Assert.Equal(RegoErrorCodes.LimitExceeded, policy.Document("t/r0", options: Decision));
        Assert.Equal("1", policy.Document("t/r900", options: Decision));
    }

    [Fact]
    public void Evaluate_VeryLongBody_DoesNotOverflowTheStack()
    {
        var body = string.Join('\n', Enumerable.Repeat("  input.x == 1", 20_000));
        var policy = Policies.Compile($"package t\np if {{\n{body}\n}}");

        var result = policy.Prepare(entryPoint: true, "t/p").Evaluate(RegoJson.Parse("""{"x": 1}"""), Decision);

        Assert.True(result.Error is { Code: RegoErrorCodes.LimitExceeded } || result.Value is not null);
    }

    [Fact]
    public void Evaluate_Steps_AreExact()
    {
        var query = Policies.Compile("package t\np := [x | some x in input]").Prepare(entryPoint: true, "t/p");
        var input = RegoJson.Parse("[1, 2, 3, 4, 5]");
        var steps = query.Evaluate(input, Decision).Steps;

        Assert.Null(query.Evaluate(input, new RegoEvaluationOptions(RegoLimits.Decision with { MaxSteps = steps })).Error);
        var halted = query.Evaluate(input, new RegoEvaluationOptions(RegoLimits.Decision with { MaxSteps = steps - 1 }));
        Assert.Equal(RegoErrorCodes.LimitExceeded, halted.Error?.Code);
        Assert.Equal(steps, query.Evaluate(input, Decision).Steps);
    }

    [Fact]
    public void Evaluate_Cancelled_IsCancelError()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var query = Policies.Compile("package t\np := count([x | some x in numbers.range(0, 1000)])").Prepare(entryPoint: true, "t/p");

        var result = query.Evaluate((RegoValue?)null, Decision, cancelled.Token);

        Assert.Equal(new RegoError(RegoErrorCodes.EvalCancel, "caller cancelled query execution"), result.Error);
    }

    [Fact]
    public void Compile_OversizeSource_IsRefusedBeforeReading()
    {
        var options = new RegoCompilerOptions { SourceLimits = SourceLimits.Default with { MaxBytes = 100 } };

        var errors = new RegoCompiler(options).Compile([new RegoSource("a.rego", "package t\n" + new string('#', 200))]).Errors;

        Assert.Contains("100 bytes", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_DeepNesting_IsAnErrorOrCompiles()
    {
        var deep = "package t\np := " + new string('[', 100_000) + new string(']', 100_000);

        Assert.NotEmpty(Policies.Errors(deep));
    }
}
