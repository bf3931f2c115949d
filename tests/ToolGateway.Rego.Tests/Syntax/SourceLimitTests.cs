using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Syntax;

public sealed class SourceLimitTests
{
    private const int Many = 100_000;

    [Fact]
    public void ParseModule_TooManyBytes_IsRefusedBeforeReading()
    {
        var options = new ParserOptions { Limits = new SourceLimits(10, 10, 10) };
        Assert.Equal(["a.rego:1:1: rego_parse_error: source is larger than 10 bytes"], Parsing.Errors("\"\"\"\"\"\"\"\"\"\"\"", options));
        Assert.Equal(["a.rego:1:1: rego_parse_error: source is larger than 10 bytes"], Parsing.Errors("éééééé", options));
    }

    [Fact]
    public void ParseModule_TooManyLines_IsRefusedBeforeReading()
    {
        var options = new ParserOptions { Limits = new SourceLimits(100, 3, 10) };
        Assert.Equal(["a.rego:1:1: rego_parse_error: source has more than 3 lines"], Parsing.Errors("\n\n\n", options));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("{x:")]
    [InlineData("f(")]
    [InlineData("x[")]
    [InlineData("[x|")]
    [InlineData("{x|")]
    [InlineData("{x:x|")]
    [InlineData("1+")]
    [InlineData("x in ")]
    [InlineData("$\"{")]
    [InlineData("every x in y {")]
    [InlineData("-")]
    [InlineData("not ")]
    [InlineData("a.")]
    [InlineData("f()")]
    public void ParseQuery_HundredThousandTimes_EndsInAnError(string piece)
    {
        var (body, errors) = RegoParser.ParseQuery(string.Concat(Enumerable.Repeat(piece, Many)));
        Assert.Null(body);
        Assert.Equal(RegoErrorCodes.Parse, Assert.Single(errors).Code);
    }

    [Theory]
    [InlineData("{a} and ")]
    [InlineData("a or ")]
    [InlineData("not {")]
    [InlineData("{")]
    public void ParseQuery_LogicHundredThousandTimes_EndsInAnError(string piece)
    {
        var options = new ParserOptions { FutureKeywords = ["and", "or", "not"] };
        var (body, errors) = RegoParser.ParseQuery(string.Concat(Enumerable.Repeat(piece, Many)) + "a", options);
        Assert.Null(body);
        Assert.NotEmpty(errors);
    }

    [Fact]
    public void ParseModule_LongElseChain_EndsInAnError() =>
        Assert.Contains("nests deeper", Parsing.Errors("package a\np := 1 if a" + string.Concat(Enumerable.Repeat(" else := 2 if b", Many)))[^1], StringComparison.Ordinal);

    [Fact]
    public void ParseModule_DepthOfTheLimit_IsRead() =>
        Assert.NotNull(Parsing.Module("package a\np := " + new string('[', 100) + new string(']', 100)));

    [Fact]
    public void ParseModule_DepthAfterAnError_StartsAnew()
    {
        var broken = string.Concat(Enumerable.Repeat("p := [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ +\n\n", 9));
        Assert.DoesNotContain(Parsing.Errors("package a\n" + broken), static error => error.Contains("nests", StringComparison.Ordinal));
    }

    [Fact]
    public void Compile_DeepSource_IsARegoErrorAndNoCrash()
    {
        var deep = "package a\np := " + string.Concat(Enumerable.Repeat("{\"a\":", Many)) + "1" + new string('}', Many);
        Assert.Equal(RegoErrorCodes.Parse, Assert.Single(new RegoCompiler().Compile([new RegoSource("a.rego", deep)]).Errors).Code);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    public void Json_HundredThousandDeep_IsRefused(string piece) =>
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => RegoJson.Parse(string.Concat(Enumerable.Repeat(piece, Many))));
}
