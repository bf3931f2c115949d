using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Tests.Syntax;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("1 + 2 * 3", "plus(1, mul(2, 3))")]
    [InlineData("1 - 2 - 3", "minus(minus(1, 2), 3)")]
    [InlineData("a | b & c == d", "equal(or(a, and(b, c)), d)")]
    [InlineData("(1 + 2) * 3", "mul(plus(1, 2), 3)")]
    [InlineData("x in xs | ys", "internal.member_2(x, or(xs, ys))")]
    [InlineData("k, v in xs", "internal.member_3(k, v, xs)")]
    [InlineData("f(x, y in z)", "f(x, internal.member_2(y, z))")]
    [InlineData("x := a.b[c].d", "assign(x, a.b[c].d)")]
    [InlineData("x = 1", "x = 1")]
    [InlineData("a[\"b c\"][\"if\"]", "a[\"b c\"][\"if\"]")]
    [InlineData("f(x)[0].y", "f(x)[0].y")]
    [InlineData("[x | x = 1; y]", "[x | x = 1; y]")]
    [InlineData("{a | b}", "{a | b}")]
    [InlineData("{a: b | c}", "{a: b | c}")]
    [InlineData("[a | b, c]", "[or(a, b), c]")]
    [InlineData("{a | b, c}", "{or(a, b), c}")]
    [InlineData("{}", "{}")]
    [InlineData("set()", "set()")]
    [InlineData("{1, 2,}", "{1, 2}")]
    [InlineData("not x with input.y as 2", "not x with input.y as 2")]
    [InlineData("every k, v in xs { v; k }", "every k, v in xs { v; k }")]
    [InlineData("some x, y", "some x, y")]
    [InlineData("some k, v in xs", "some k, v in xs")]
    [InlineData("_ = [_, -1, .5, 1e3]", "_ = [_, -1, 0.5, 1e3]")]
    [InlineData("$\"a{x}\\{\"", "$\"a{x}\\{\"")]
    public void ParseQuery_Expression_ReadsAsOpaPrintsIt(string text, string printed) => Assert.Equal(printed, Parsing.Query(text));

    [Theory]
    [InlineData("a and b or c", "a and b or c")]
    [InlineData("{a; b} and not c", "{ a; b } and not c")]
    public void ParseQuery_LogicKeywords_BindAsDocumented(string text, string printed) =>
        Assert.Equal(printed, Parsing.Query(text, new ParserOptions { FutureKeywords = ["and", "or", "not"] }));

    [Fact]
    public void ParseQuery_LogicWordsWithoutImport_AreNames() => Assert.Equal("plus(and, or)", Parsing.Query("and + or"));

    [Fact]
    public void ParseTerm_SpaceBeforeBracket_IsNoReference()
    {
        var (term, errors) = RegoParser.ParseTerm("a [0]");
        Assert.Null(term);
        Assert.Single(errors);
    }

    [Fact]
    public void ParseQuery_Wildcards_AreDistinct()
    {
        var (body, _) = RegoParser.ParseQuery("[_, _]");
        var items = ((ArrayTerm)((TermExpression)body!.Expressions[0]).Term).Items.Cast<VarTerm>().ToList();
        Assert.All(items, static item => Assert.True(item.IsWildcard));
        Assert.NotEqual(items[0].Name, items[1].Name);
    }

    [Fact]
    public void ParseQuery_Terms_KnowWhereTheyStand()
    {
        var (body, _) = RegoParser.ParseQuery("x := 1;\n  \"😀\" == f(y)");
        var call = (CallTerm)((TermExpression)body!.Expressions[1]).Term;
        Assert.Equal(("2:3", "\"😀\" == f(y)"), (call.Location.ToString(), call.Location.Text));
        Assert.Equal("2:10", call.Arguments[1].Location.ToString());
    }
}
