using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Tracing;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Evaluation;

public sealed class QueryTests
{
    private const string Module = """
        package t

        allow if input.user.name == "ann"
        limits := {"a": 1, "b": 2}
        stamp := time.now_ns()
        names contains n if n := input.names[_]
        """;

    [Fact]
    public void Evaluate_Query_GivesBindingsAndExpressionValues()
    {
        var result = Policies.Compile(Module).Run("x := data.t.limits[k]; x > 1");

        Assert.Equal("""{"k":"b","x":2}""", Assert.Single(result.Bindings).ToJson());
        Assert.Equal([RegoBoolean.True, RegoBoolean.True], Assert.Single(result.Expressions));
    }

    [Fact]
    public void Evaluate_SingleFalseExpression_ShowsFalseWithoutSolution()
    {
        var result = Policies.Compile("package t\np := false").Run("data.t.p");

        Assert.Empty(result.Bindings);
        Assert.Equal(RegoBoolean.False, result.Value);
    }

    [Fact]
    public void Evaluate_JsonInput_IsReadOrRefused()
    {
        var query = Policies.Compile(Module).Prepare(entryPoint: true, "t/allow");

        Assert.Equal(RegoBoolean.True, query.Evaluate("""{"user": {"name": "ann"}}"""u8, Policies.Options).Value);
        Assert.NotNull(query.Evaluate("{"u8, Policies.Options).Error);
        Assert.Null(query.Evaluate((RegoValue?)null, Policies.Options).Value);
    }

    [Fact]
    public void Evaluate_ObjectSource_IsAskedOnlyForWhatIsRead()
    {
        var source = new Source();

        var result = Policies.Compile(Module).Prepare(entryPoint: true, "t/allow").Evaluate(source, Policies.Options);

        Assert.Equal(RegoBoolean.True, result.Value);
        Assert.Equal(["user"], source.Asked);
    }

    [Fact]
    public void Evaluate_ObjectSourceWithOtherMembers_IsAskedForAnyName()
    {
        var source = new Source { HasOtherMembers = true };
        var query = Policies.Compile("package t\n\nfound := [input.elsewhere, input.user.name]\n\nnames := object.keys(input)").Prepare(entryPoint: true, "t");

        Assert.Equal("{\"found\":[\"elsewhere\",\"ann\"],\"names\":[\"user\"]}", query.Evaluate(source, Policies.Options).Value!.ToJson());
        Assert.Equal(["elsewhere", "names", "user"], source.Asked.Order(StringComparer.Ordinal));
        Assert.Equal("{\"names\":[\"user\"]}", query.Evaluate(new Source(), Policies.Options).Value!.ToJson());
    }

    [Fact]
    public void InputPaths_OfEntryPoints_AreThoseOfReachableRules()
    {
        var policy = Policies.Compile(Module);

        Assert.Equal(["/user/name"], policy.Prepare(entryPoint: true, "t/allow").InputPaths);
        Assert.Equal(["/names", "/user/name"], policy.Prepare(entryPoint: true, "t").InputPaths);
        Assert.Equal([""], policy.Prepare(entryPoint: false, "data.t.allow; x := input").InputPaths);
        Assert.Empty(policy.Prepare(entryPoint: true, "t/limits").InputPaths);
    }

    [Fact]
    public void IsDeterministic_WithClockInReach_NamesTheBuiltin()
    {
        var policy = Policies.Compile(Module);

        Assert.True(policy.Prepare(entryPoint: true, "t/allow").IsDeterministic);
        Assert.Equal(["time.now_ns"], policy.Prepare(entryPoint: true, "data.t.stamp").NondeterministicBuiltins);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("x > 1")]
    [InlineData("nothing(1)")]
    public void Prepare_BadQuery_GivesErrors(string query) => Assert.NotEmpty(Policies.Compile(Module).Prepare(query).Errors);

    [Fact]
    public void Evaluate_Traced_ShowsTheFailingExpressionWithItsValues()
    {
        var sink = new Sink();
        var policy = Policies.Compile("package t\np if {\n  x := input.a\n  x > 3\n}");

        policy.Run("data.t.p", """{"a": 2}""", new RegoEvaluationOptions(RegoLimits.Decision) { Trace = sink });

        var failed = sink.Steps.First(static step => step.Kind == TraceEventKind.Fail);
        Assert.Equal("x > 3", failed.Location.Text);
        Assert.Equal(new KeyValuePair<string, RegoValue>("x", RegoNumber.Of(2)), Assert.Single(failed.Variables));
        Assert.Contains(sink.Steps, static step => step.Kind == TraceEventKind.Enter);
    }

    [Theory]
    [InlineData("count(deny) == 0", "count(deny): 1; deny: [\"x\"]")]
    [InlineData("f(input.a) + 1 == limit.max", "f(input.a) + 1: 5; f(input.a): 4; input.a: 2; limit.max: 7")]
    [InlineData("deny == set()", "deny: [\"x\"]")]
    [InlineData("not limit.max > input.a", "limit.max: 7; input.a: 2")]
    [InlineData("f(input.a) in [1, 2]", "f(input.a): 4; input.a: 2")]
    public void Evaluate_Traced_ShowsTheValuesOfCallsAndReferences(string expression, string values)
    {
        var sink = new Sink();
        var policy = Policies.Compile($"package t\nf(x) := x * 2\nlimit := {{\"max\": 7}}\ndeny contains \"x\"\np if {{\n  {expression}\n}}");

        policy.Run("data.t.p", """{"a": 2}""", new RegoEvaluationOptions(RegoLimits.Decision) { Trace = sink });

        var failed = sink.Steps.First(step => step.Kind == TraceEventKind.Fail && step.Location.Text == expression);
        Assert.Equal(values, string.Join("; ", failed.Variables.Select(static variable => $"{variable.Key}: {variable.Value.ToJson()}")));
    }

    [Fact]
    public void Evaluate_Print_ReachesTheSinkAlsoForUndefined()
    {
        var printed = new List<string>();
        var policy = Policies.Compile("package t\np if print(\"got\", input.a, input.b)");

        Assert.Equal("true", policy.Document("t/p", """{"a": 2}""", Policies.Options with { Print = printed.Add }));
        Assert.Equal(["got 2 <undefined>"], printed);
    }

    [Fact]
    public void Rules_OfPolicy_TellTestsApart()
    {
        var policy = Policies.Compile("package t\ntest_a if true\ntodo_test_b if true\nf(x) := x\ndefault d := 1");

        Assert.Equal(["data.t.test_a", "data.t.todo_test_b", "data.t.f", "data.t.d"], policy.Rules.Select(static rule => rule.Path));
        Assert.Equal([true, false, false, false], policy.Rules.Select(static rule => rule.IsTest));
        Assert.True(policy.Rules[1].IsSkippedTest);
        Assert.True(policy.Rules[2].IsFunction);
        Assert.True(policy.Rules[3].IsDefault);
        Assert.Equal(["data.t"], policy.Packages);
    }

    private sealed class Source : IRegoObjectSource
    {
        public List<string> Asked { get; } = [];

        public IReadOnlyList<string> MemberNames => ["user", "names"];

        public bool HasOtherMembers { get; init; }

        public RegoValue? GetMember(string name)
        {
            Asked.Add(name);
            return name switch
            {
                "user" => Policies.Object("""{"name": "ann"}"""),
                "elsewhere" => new RegoString(name),
                _ => null,
            };
        }
    }

    private sealed class Sink : ITraceSink
    {
        public List<TraceEvent> Steps { get; } = [];

        public void Trace(TraceEvent step) => Steps.Add(step);
    }
}
