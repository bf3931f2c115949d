namespace ToolGateway.Rego.Tests.Compilation;

public sealed class TypeCheckerTests
{
    [Theory]
    [InlineData("p := 1 + \"a\"", "a.rego:2:6: rego_type_error: plus: invalid argument(s)\n\thave: (number, string, ???)\n\twant: (x: number, y: number, number)")]
    [InlineData("p if { x := \"a\"; x = 1 }", "a.rego:2:18: rego_type_error: match error\n\tleft  : string\n\tright : number")]
    [InlineData("q := {\"b\": {\"c\": 1}}\np := q.b.d",
        "a.rego:3:6: rego_type_error: undefined ref: data.a.q.b.d\n\tdata.a.q.b.d\n\t            ^\n\t            have: \"d\"\n\t            want (one of): [\"c\"]")]
    [InlineData("q := 1\np := q[0]", "a.rego:3:6: rego_type_error: undefined ref: data.a.q[0]\n\tdata.a.q[0]\n\t        ^\n\t        have: number")]
    [InlineData("q := [1]\np := q.x",
        "a.rego:3:6: rego_type_error: undefined ref: data.a.q.x\n\tdata.a.q.x\n\t          ^\n\t          have: \"x\"\n\t          want (type): number")]
    [InlineData("f(x) := x + 1\np := f(\"a\")", "a.rego:3:6: rego_type_error: data.a.f: invalid argument(s)\n\thave: (string, ???)\n\twant: (number, number)")]
    [InlineData("f(x) := x\np := f(1, 2, 3)", "a.rego:3:6: rego_type_error: function data.a.f has arity 1, got 3 arguments")]
    [InlineData("p := upper()", "a.rego:2:6: rego_type_error: upper: arity mismatch\n\thave: ()\n\twant: (x: string)")]
    [InlineData("p := nosuch.fn(1)", "a.rego:2:6: rego_type_error: undefined function nosuch.fn")]
    [InlineData("p if { every x in [\"a\"] { x + 1 > 0 } }",
        "a.rego:2:27: rego_type_error: plus: invalid argument(s)\n\thave: (string, number, ???)\n\twant: (x: number, y: number, number)")]
    public void Compile_ImpossibleTypes_AreToldInOpasWords(string text, string error) => Assert.Contains(error, Errors(text));

    [Theory]
    [InlineData("q contains x if some x in [1, 2]\np if q[1]")]
    [InlineData("q contains 1\nq contains \"a\"\np := upper(x) if some x in q")]
    [InlineData("m[k] := v if some k, v in {\"a\": 1}\np := m[\"zz\"]")]
    [InlineData("a.b.c := 1\na.b.d := \"x\"\np := a.b[k] if some k in [\"c\"]\nr := a[_][_]")]
    [InlineData("f(1) := \"one\"\nf(\"a\") := 2\np := [f(1), f(\"a\"), f(input.x)]")]
    [InlineData("f(x) := x.y\np := f({\"y\": 1})\nr := f(input)")]
    [InlineData("default q := null\nq := 1 if input.x\np := q + 1")]
    [InlineData("q := object.get(input, \"a\", {})\np := q.b.c")]
    [InlineData("p contains y if { walk(input, [path, value]); path[0] == \"a\"; y := value + 1 }")]
    [InlineData("p := y if { [x, y] = [1, \"a\"]; x > 0; upper(y) == \"A\" }")]
    [InlineData("p if { x := [y | some y in input.xs]; x[0].name == \"a\" }")]
    [InlineData("p if { x = y; y = input.a; x = \"a\"; not upper(x) = \"B\" with input.z as 2 }")]
    [InlineData("xs := []\np := xs[_]\nr := count(xs)")]
    [InlineData("q := {}\np := q[input.k]")]
    [InlineData("q if input.x\np := 1 if q == true")]
    [InlineData("p := data.base.anything.at[0].all + 1")]
    [InlineData("p := {k: v | some k in [1, 2]; v := {\"n\": k}}[1].n")]
    [InlineData("p := x if { some i; x := [\"a\", 1][i]; is_string(x) }")]
    [InlineData("q[x][y] := 1 if { some x in [\"a\"]; some y in [1] }\np := q.a[1] + q[\"a\"][_]")]
    [InlineData("default allow := false\nallow if data.a.other.allow\nother.allow if input.x")]
    public void Compile_PossibleTypes_AreAccepted(string text) => Assert.Empty(Errors(text));

    [Fact]
    public void Compile_TenThousandRulesInAChain_IsNoStackOverflow()
    {
        var chain = string.Join('\n', Enumerable.Range(0, 10_000).Select(static i => $"r{i} := x if {{ x := r{i + 1} }}"));
        Assert.Empty(Errors(chain + "\nr10000 := 1\np := r0"));
    }

    [Fact]
    public void Compile_LargeLiteral_StaysQuick()
    {
        var items = string.Join(',', Enumerable.Range(0, 5_000).Select(static i => $"{{\"k{i}\": {i}}}"));
        Assert.Empty(Errors($"p := [{items}]\nq := p[_]\nr contains x if some x in p"));
    }

    [Fact]
    public void Prepare_QueryAgainstRules_IsCheckedToo()
    {
        var policy = new RegoCompiler().Compile([new RegoSource("a.rego", "package a\np := \"x\"")]).Policy!;
        Assert.Contains("match error", Assert.Single(policy.Prepare("data.a.p = 1").Errors).Message, StringComparison.Ordinal);
        Assert.NotNull(policy.Prepare("data.a.p = x").Query);
    }

    private static List<string> Errors(string text) =>
        [.. new RegoCompiler().Compile([new RegoSource("a.rego", "package a\n" + text)]).Errors.Select(static error => error.ToString())];
}
