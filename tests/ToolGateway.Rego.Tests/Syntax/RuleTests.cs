using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Tests.Syntax;

public sealed class RuleTests
{
    [Theory]
    [InlineData("p := 1", "p", "1")]
    [InlineData("p = 1 if true", "p", "1")]
    [InlineData("p.q[x].r := x if x := 1", "p.q[x].r", "x")]
    [InlineData("p[x] if x := 1", "p[x]", null)]
    [InlineData("if.p := 2", "if.p", "2")]
    public void ParseModule_SingleValue_HasReferenceAndValue(string text, string reference, string? value)
    {
        var rule = Parsing.Rule(text);
        Assert.Equal(reference, TermText.Of(rule.Head.Reference));
        Assert.Equal(value, rule.Head.Value is null ? null : TermText.Of(rule.Head.Value));
        Assert.Null(rule.Head.Key);
    }

    [Fact]
    public void ParseModule_Contains_HasKey()
    {
        var rule = Parsing.Rule("p.q contains x if x := 1");
        Assert.Equal("p.q", TermText.Of(rule.Head.Reference));
        Assert.Equal("x", TermText.Of(rule.Head.Key!));
    }

    [Fact]
    public void ParseModule_Function_HasArguments()
    {
        var rule = Parsing.Rule("a.f([x, _], 1) := x if x > 1");
        Assert.Equal("a.f", TermText.Of(rule.Head.Reference));
        Assert.Equal(2, rule.Head.Arguments!.Count);
    }

    [Fact]
    public void ParseModule_ElseChain_HangsOnTheRule()
    {
        var rule = Parsing.Rule("p := 1 if a else := 2 if { b } else := 3");
        Assert.Equal("2", TermText.Of(rule.Else!.Head.Value!));
        Assert.Equal("true", TermText.Of(rule.Else!.Else!.Body));
    }

    [Fact]
    public void ParseModule_ChainedBodies_AreRulesOfTheirOwn() => Assert.Equal(2, Parsing.Module("package a\np if { x } { y }").Rules.Count);

    [Theory]
    [InlineData("p if {x}", "x")]
    [InlineData("p if {x | x = 1}", "{x | x = 1}")]
    [InlineData("p if {x} == y", "equal({x}, y)")]
    [InlineData("p if {\"a\": 1}", "{\"a\": 1}")]
    public void ParseModule_BracesAfterIf_AreABodyUnlessTheyAreAnExpression(string text, string body) => Assert.Equal(body, TermText.Of(Parsing.Rule(text).Body));

    [Fact]
    public void ParseModule_OldDialect_ReadsBodiesWithoutIf()
    {
        var options = new ParserOptions { RegoVersion = 0 };
        var rule = Parsing.Rule("p[x] { x = 1 }", options);
        Assert.Equal("x", TermText.Of(rule.Head.Key!));
        Assert.Equal("in", TermText.Of(Parsing.Rule("in = 1 { true }", options).Head.Reference));
        Assert.Contains("`if` keyword is required", Assert.Single(Parsing.Errors("package a\nimport rego.v1\np { true }", options)), StringComparison.Ordinal);
    }

    [Fact]
    public void ParseModule_FutureKeywordOfTheOldDialect_TurnsTheWordIntoAKeyword()
    {
        var options = new ParserOptions { RegoVersion = 0 };
        Assert.Equal("internal.member_2(1, [1])", TermText.Of(Parsing.Rule("import future.keywords.in\np { 1 in [1] }", options).Body));
    }

    [Theory]
    [InlineData("p", "var cannot be used for rule name")]
    [InlineData("p { true }", "`if` keyword is required before rule body")]
    [InlineData("p[1]", "`contains` keyword is required for partial set rules")]
    [InlineData("p if { x } { }", "found empty body")]
    [InlineData("1 == 2", "expression cannot be used for rule head")]
    [InlineData("\"a\"", "string cannot be used for rule name")]
    [InlineData("default p", "illegal default rule (must have a value)")]
    [InlineData("default f([x]) := 1", "illegal default rule (arguments cannot contain array)")]
    [InlineData("p contains 1 if a else := 2", "else keyword cannot be used on multi-value rules")]
    [InlineData("f(x) contains 1", "the contains keyword can only be used with multi-value rule definitions")]
    [InlineData("p if not some x in xs", "illegal negation of 'some'")]
    [InlineData("p if every x in xs", "missing body")]
    [InlineData("p if every [x] in xs { x }", "expected value to be a variable")]
    [InlineData("p if { x = 1 y = 2 }", "unexpected identifier token: expected \\n or } or ;")]
    [InlineData("p if x with 1 as 2", "unexpected number token: expected ident")]
    [InlineData("p := \"\\q\"", "illegal escape sequence")]
    [InlineData("p := $\"{1\"", "non-terminated string")]
    [InlineData("p := #", "unexpected eof token")]
    [InlineData("p := @", "illegal token")]
    [InlineData("p := .1.5", "invalid float")]
    [InlineData("package b", "unexpected package")]
    [InlineData("import future.keywords.blah", "unexpected keyword, must be one of")]
    [InlineData("import future.keywords.in as x", "`future` imports cannot be aliased")]
    [InlineData("import data.a[x]", "expecting string")]
    public void ParseModule_Mistake_IsNamed(string text, string message) =>
        Assert.Contains(Parsing.Errors("package a\n" + text), error => error.Contains(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("packge a\n\np := 1\n\nq := 2\n", "a.rego:1:1: rego_parse_error: package expected")]
    [InlineData("package 1\n\np := 1\n\nq := 2\n", "a.rego:1:9: ")]
    public void Module_WithoutAPackage_IsOneErrorAndNotOneForEachRule(string text, string error) =>
        Assert.StartsWith(error, Assert.Single(Parsing.Errors(text)), StringComparison.Ordinal);

    [Fact]
    public void ParseModule_SeveralMistakes_AreAllTold()
    {
        var errors = Parsing.Errors("package a\n\np := 1 +\n\nq := 2\n\nr { true }\n");
        Assert.Equal(2, errors.Count);
        Assert.StartsWith("a.rego:5:3: rego_parse_error: unexpected assign token", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("a.rego:7:1: rego_parse_error", errors[1], StringComparison.Ordinal);
    }
}
