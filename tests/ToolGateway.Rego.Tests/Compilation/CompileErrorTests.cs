using ToolGateway.Rego.Tests.Evaluation;

namespace ToolGateway.Rego.Tests.Compilation;

public sealed class CompileErrorTests
{
    [Theory]
    [InlineData("p := x", RegoErrorCodes.UnsafeVar, "var x is unsafe")]
    [InlineData("p if not x == 1", RegoErrorCodes.UnsafeVar, "var x is unsafe")]
    [InlineData("p contains x if y = 1", RegoErrorCodes.UnsafeVar, "var x is unsafe")]
    [InlineData("p := [x | y = 1]", RegoErrorCodes.UnsafeVar, "var x is unsafe")]
    [InlineData("p if count(x, 1)", RegoErrorCodes.UnsafeVar, "var x is unsafe")]
    [InlineData("p if { x := 1; x := 2 }", RegoErrorCodes.Compile, "var x assigned above")]
    [InlineData("p if { x == 1; x := 2 }", RegoErrorCodes.Compile, "var x referenced above")]
    [InlineData("p if { some x; x = 1; some x }", RegoErrorCodes.Compile, "var x declared above")]
    [InlineData("p if { some x; true }", RegoErrorCodes.Compile, "declared var x unused")]
    [InlineData("f(x) if x := 1", RegoErrorCodes.Compile, "arg x redeclared")]
    [InlineData("p if input := 1", RegoErrorCodes.Compile, "variables must not shadow input (use a different variable name)")]
    [InlineData("import data.a.b\nimport data.c.b\np := b", RegoErrorCodes.Compile, "import must not shadow import data.a.b")]
    [InlineData("input := 1", RegoErrorCodes.Compile, "rules must not shadow input (use a different rule name)")]
    [InlineData("p if p", RegoErrorCodes.Recursion, "rule data.t.p is recursive: data.t.p -> data.t.p")]
    [InlineData("p if q\nq if data.t[input.x]", RegoErrorCodes.Recursion, "rule data.t.p is recursive: data.t.p -> data.t.q -> data.t.p")]
    [InlineData("p := data", RegoErrorCodes.Recursion, "rule data.t.p is recursive: data.t.p -> data.t.p")]
    [InlineData("f(x) := g(x)\ng(x) := f(x)", RegoErrorCodes.Recursion, "rule data.t.f is recursive: data.t.f -> data.t.g -> data.t.f")]
    [InlineData("p := 1\np contains 1", RegoErrorCodes.Type, "conflicting rules data.t.p found")]
    [InlineData("p := 1\np(x) := x", RegoErrorCodes.Type, "conflicting rules data.t.p found")]
    [InlineData("p := 1\np.q := 2", RegoErrorCodes.Type, "rule data.t.p conflicts with [data.t.p.q]")]
    [InlineData("p if nothing(1)", RegoErrorCodes.Type, "undefined function nothing")]
    [InlineData("p if q.f(1)", RegoErrorCodes.Type, "undefined function q.f")]
    public void Compile_BadRule_IsReportedInOpasWords(string rules, string code, string message)
    {
        var errors = Policies.Errors("package t\n" + rules);

        Assert.Contains(errors, error => error.Code == code && error.Message == message && error.Location is { Row: > 1, File: "m0.rego" });
    }

    [Fact]
    public void Compile_DefaultsTwice_IsReportedWithPlaces()
    {
        var error = Assert.Single(Policies.Errors("package t\ndefault p := 1\ndefault p := 2"));

        Assert.StartsWith("multiple default rules data.t.p found at m0.rego:2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_PackageWithinRule_IsReported() =>
        Assert.Contains(Policies.Errors("package a\nb := 1", "package a.b\nc := 1"), static error => error.Message.Contains("conflicts with", StringComparison.Ordinal));

    [Fact]
    public void Compile_ManyErrors_StopsAtTheCap()
    {
        var rules = string.Join('\n', Enumerable.Range(0, 50).Select(static i => $"p{i} := x{i}"));

        var errors = new RegoCompiler(new RegoCompilerOptions { MaxErrors = 3 }).Compile([new RegoSource("a.rego", "package t\n" + rules)]).Errors;

        Assert.Equal(3, errors.Count);
    }

    [Theory]
    [InlineData("import data.a.b\np := 1", "import data.a.b unused")]
    [InlineData("p if { x := 1 }", "assigned var x unused")]
    [InlineData("f(x) := 1", "unused argument x. (hint: use _ (wildcard variable) instead)")]
    [InlineData("p if { some k, v in input; v > 1 }", "declared var k unused")]
    public void Compile_Strict_ReportsWhatIsUnused(string rules, string message)
    {
        var source = new RegoSource("a.rego", "package t\n" + rules);

        Assert.Empty(new RegoCompiler().Compile([source]).Errors);
        Assert.Equal(message, Assert.Single(new RegoCompiler(new RegoCompilerOptions { IsStrict = true }).Compile([source]).Errors).Message);
    }

    [Theory]
    [InlineData("f(x) := 1 if { x == 2 } else := 3")]
    [InlineData("f(x) := 1 if { input.y } else := x")]
    public void Compile_StrictArgumentThatOneBranchUses_IsUsed(string rules) =>
        Assert.Empty(new RegoCompiler(new RegoCompilerOptions { IsStrict = true }).Compile([new RegoSource("a.rego", "package t\n" + rules)]).Errors);

    [Fact]
    public void Compile_DisabledBuiltin_IsUndefinedFunction()
    {
        var options = new RegoCompilerOptions { DisabledBuiltins = new HashSet<string> { "count" } };

        var errors = new RegoCompiler(options).Compile([new RegoSource("a.rego", "package t\np := count([])")]).Errors;

        Assert.Equal("undefined function count", Assert.Single(errors).Message);
    }

    [Fact]
    public void Compile_ReorderedBody_BindsBeforeUse() =>
        Assert.Equal("3", Policies.Compile("package t\np := z if { z = y + 1; y = x + 1; x = 1 }").Document("t/p"));

    [Theory]
    [InlineData("package a\nq(x) := x", "7")]
    [InlineData("package b\nf(x, _) := x", null)]
    [InlineData("package b\nf(x) := x + 1", "8")]
    public void Compile_WithPreviousAndOtherFunctions_IsAsIfCompiledAnew(string changed, string? expected)
    {
        var compiler = new RegoCompiler();
        var kept = new RegoSource("a.rego", "package a\nimport data.b\np := b.f(7)\ndefault r := false");
        var spare = new RegoSource("c.rego", "package b\nf(x) := x if true");
        var first = compiler.Compile([kept, spare, new RegoSource("b.rego", "package b\nz := 1")]).Policy!;
        RegoSource[] next = changed.Contains("b\nf", StringComparison.Ordinal) ? [kept, new("b.rego", changed)] : [kept, spare, new("b.rego", changed)];

        var again = compiler.Compile(next, previous: first);

        var fresh = compiler.Compile(next);
        Assert.Equal(fresh.Errors, again.Errors);
        Assert.Equal(expected, again.Policy?.Document("a/p"));
    }

    [Fact]
    public void Compile_WithPrevious_ReusesUnchangedModules()
    {
        var compiler = new RegoCompiler();
        var kept = new RegoSource("a.rego", "package a\np := 1");
        var first = compiler.Compile([kept, new RegoSource("b.rego", "package b\nq := 1")]).Policy!;

        var second = compiler.Compile([kept, new RegoSource("b.rego", "package b\nq := 2")], previous: first).Policy!;

        Assert.Same(first.Modules[kept], second.Modules[kept]);
        Assert.Equal([true, false], second.State.Rules.Select(static unit => unit.IsLowered));
        Assert.Equal("2", second.Document("b/q"));
        Assert.NotEqual(first.Revision, second.Revision);
    }
}
