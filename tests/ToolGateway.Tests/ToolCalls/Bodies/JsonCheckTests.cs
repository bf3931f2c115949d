using System.Text;
using ToolGateway.ToolCalls.Bodies;

namespace ToolGateway.Tests.ToolCalls.Bodies;

public sealed class JsonCheckTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData(" { \"a\" : [ 1 , 2.5e3 , { \"a\" : true } ] , \"b\" : { \"a\" : null } } ")]
    [InlineData("{\"a\":\"\\uD83D\\uDE00 \\\\u0000\"}")]
    [InlineData("[{\"a\":1},{\"a\":2}]")]
    [InlineData("[0.1234567890123456, 12345678901234567, 1e308, -0, 1000000000000000000000, 0.000000000000000000001]")]
    public void Check_PlainJson_IsAccepted(string json) => Assert.Null(JsonCheck.Check(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{}x")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("[1,]")]
    [InlineData("// c\n{}")]
    [InlineData("NaN")]
    [InlineData("01")]
    [InlineData("\"a\u0001b\"")]
    [InlineData("{\"a\":1}\0")]
    public void Check_NotOneValue_IsRefused(string json) => Assert.NotNull(JsonCheck.Check(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"amount\":1,\"Amount\":2}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    [InlineData("{\"a\":1,\"\\u0041\":2}")]
    [InlineData("{\"k\":1,\"\u212A\":2}")]
    [InlineData("{\"s\":1,\"\u017F\":2}")]
    [InlineData("{\"\u00e9\":1,\"\u00c9\":2}")]
    [InlineData("{\"x\":{\"a\":1},\"y\":[{\"b\":1,\"B\":2}]}")]
    [InlineData("{\"\":1,\"\":2}")]
    public void Check_MemberTwiceIgnoringCase_IsRefused(string json) => Assert.Contains("twice", JsonCheck.Check(Encoding.UTF8.GetBytes(json)), StringComparison.Ordinal);

    [Fact]
    public void Check_MemberTwiceAmongMany_IsRefused()
    {
        var members = string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"m{i}\":{i}"));
        Assert.Null(JsonCheck.Check(Encoding.UTF8.GetBytes("{" + members + ",\"nested\":{\"m1\":{" + members + "}}}")));
        Assert.NotNull(JsonCheck.Check(Encoding.UTF8.GetBytes("{" + members + ",\"M150\":0}")));
    }

    [Theory]
    [InlineData("\"\\uD800\"")]
    [InlineData("\"\\uDC00\"")]
    [InlineData("\"\\uDC00\\uD800\"")]
    [InlineData("\"\\uD800x\"")]
    [InlineData("\"\\uD800\\n\"")]
    [InlineData("\"\\u0000\"")]
    [InlineData("{\"\\u0000\":1}")]
    [InlineData("{\"\\uD800\":1}")]
    public void Check_TextThatIsNone_IsRefused(string json) => Assert.Contains("surrogate", JsonCheck.Check(Encoding.UTF8.GetBytes(json)), StringComparison.Ordinal);

    [Theory]
    [InlineData("123456789012345678")]
    [InlineData("0.123456789012345678")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("1e-400")]
    [InlineData("1e99999999999")]
    [InlineData("100000000000000000000000000000001")]
    public void Check_NumberThatReadersSeeDifferently_IsRefused(string json) => Assert.Contains("number", JsonCheck.Check(Encoding.UTF8.GetBytes(json)), StringComparison.Ordinal);

    [Theory]
    [InlineData("0e400", 0)]
    [InlineData("0.00012300", 3)]
    [InlineData("1020", 3)]
    [InlineData("-1.50e7", 2)]
    public void SignificantDigits_Literal_CountsFromFirstToLast(string literal, int digits) =>
        Assert.Equal(digits, JsonNumbers.SignificantDigits(Encoding.ASCII.GetBytes(literal)));

    [Fact]
    public void Check_Depth_IsLimited()
    {
        Assert.Null(JsonCheck.Check(Encoding.UTF8.GetBytes(new string('[', 64) + new string(']', 64))));
        Assert.NotNull(JsonCheck.Check(Encoding.UTF8.GetBytes(new string('[', 65) + new string(']', 65))));
        var objects = string.Concat(Enumerable.Repeat("{\"a\":", 64)) + "1" + new string('}', 64);
        Assert.Null(JsonCheck.Check(Encoding.UTF8.GetBytes(objects)));
    }

    [Fact]
    public void Check_BytesThatAreNotUtf8_AreRefused()
    {
        Assert.Contains("UTF-8", JsonCheck.Check([(byte)'"', 0xC3, (byte)'"']), StringComparison.Ordinal);
        Assert.Contains("UTF-8", JsonCheck.Check([(byte)'"', 0xED, 0xA0, 0x80, (byte)'"']), StringComparison.Ordinal);
        Assert.Contains("byte order mark", JsonCheck.Check([0xEF, 0xBB, 0xBF, (byte)'1']), StringComparison.Ordinal);
        Assert.NotNull(JsonCheck.Check(Encoding.Unicode.GetBytes("{}")));
    }

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("Application/JSON; charset=UTF-8", true)]
    [InlineData("application/merge-patch+json", true)]
    [InlineData("application/json; charset=utf-16", false)]
    [InlineData("application/json; charset=latin1", false)]
    [InlineData("text/json", false)]
    [InlineData("application/jsonp", false)]
    [InlineData("text/plain", false)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("application/json, text/plain", false)]
    [InlineData("", false)]
    public void IsJson_ContentType_IsJudged(string type, bool expected) => Assert.Equal(expected, MediaTypes.IsJson(type));
}
