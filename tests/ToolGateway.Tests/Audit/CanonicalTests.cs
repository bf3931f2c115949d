using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ToolGateway.Audit.Canonical;
using ToolGateway.Audit.Records;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls;

namespace ToolGateway.Tests.Audit;

public sealed class CanonicalTests
{
    [Theory]
    [InlineData("""{"b":1,"a":2}""", """{"a":2,"b":1}""")]
    [InlineData(""" { "z" : [ 3 , { "y" : null , "x" : true } ] , "a" : "t" } """, """{"a":"t","z":[3,{"x":true,"y":null}]}""")]
    [InlineData("""{"\u0062":"\u20ac\/\u000a\u0001\"","a":"é"}""", "{\"a\":\"é\",\"b\":\"€/\\n\\u0001\\\"\"}")]
    [InlineData("""{"\ufb33":1,"\ud83d\ude00":2,"\u20ac":3,"\r":4,"1":5,"\u0080":6,"\u00f6":7}""", "{\"\\r\":4,\"1\":5,\"\u0080\":6,\"ö\":7,\"€\":3,\"😀\":2,\"\ufb33\":1}")]
    [InlineData("[]", "[]")]
    [InlineData("{}", "{}")]
    [InlineData("[1.0,-0,1e2,4.50,2e-3,1E30,0.000001,1e-7,123456789012345678,333333333.33333329]", "[1,0,100,4.5,0.002,1e+30,0.000001,1e-7,123456789012345680,333333333.3333333]")]
    [InlineData("[9007199254740993,1e21,1e20,-1.5e300,5e-324,1.7976931348623157e308]", "[9007199254740992,1e+21,100000000000000000000,-1.5e+300,5e-324,1.7976931348623157e+308]")]
    public void Json_OfAnyText_IsCanonical(string text, string canonical)
    {
        var writer = new JcsWriter();
        writer.Json(Encoding.UTF8.GetBytes(text));
        Assert.Equal(canonical, Encoding.UTF8.GetString(writer.Output.Written));
        writer.Clear();
        writer.Value(RegoJson.Parse(text));
        Assert.Equal(canonical, Encoding.UTF8.GetString(writer.Output.Written));
    }

    [Fact]
    public void Json_OfMembersInAnyOrder_IsTheSameText()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var names = Enumerable.Range(0, random.Next(1, 30)).Select(_ => Name(random)).Distinct(StringComparer.Ordinal).ToArray();
            var first = Render(names.Select((name, i) => (name, i)), random);
            var second = Render(names.Select((name, i) => (name, i)).OrderBy(_ => random.Next()), random);
            Assert.Equal(Canonical(first), Canonical(second));
        }
    }

    [Fact]
    public void Number_OfAnyDouble_ReadsBackAsTheSame()
    {
        var random = new Random(11);
        var text = new byte[40];
        for (var round = 0; round < 20_000; round++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (!double.IsFinite(value))
                continue;
            var length = JcsNumber.Format(value, text);
            Assert.Equal(value, double.Parse(text.AsSpan(0, length), NumberStyles.Float, CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Append_OfTheSameArguments_IsTheHmacOfTheirCanonicalForm()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var digest = new ArgumentDigest(key);
        var expected = HMACSHA256.HashData(key, """{"body":{"amount":40,"order":"A-17"},"path":{},"query":{"dry":"no"}}"""u8);
        var text = $"\"hmac-sha-256:{digest.KeyId}:{Convert.ToHexStringLower(expected)}\"";
        Assert.Equal(text, Digest(digest, TestCalls.Refund()));
        Assert.Equal(text, Digest(digest, TestCalls.Refund(""" {"amount":4e1, "order":"A\u002d17"} """)));
        Assert.NotEqual(text, Digest(digest, TestCalls.Refund("""{"amount":41,"order":"A-17"}""")));
        Assert.NotEqual(text, Digest(new ArgumentDigest(RandomNumberGenerator.GetBytes(32)), TestCalls.Refund()));
        var mcp = TestCalls.Refund() with { Body = default, Mcp = new McpCall("tools/call", null, null, null) { Arguments = RegoJson.Parse("""{"order":"A-17","amount":40}""") } };
        Assert.Equal(text, Digest(digest, mcp));
    }

    private static string Digest(ArgumentDigest digest, ToolCall call)
    {
        var buffer = new RecordBuffer();
        digest.Append(buffer, call);
        return Encoding.UTF8.GetString(buffer.Written);
    }

    private static string Canonical(string json)
    {
        var writer = new JcsWriter();
        writer.Json(Encoding.UTF8.GetBytes(json));
        return Encoding.UTF8.GetString(writer.Output.Written);
    }

    private static string Name(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(0, 6)).Select(_ => char.ConvertFromUtf32(random.Next(6) switch
        {
            0 => random.Next(0x1, 0x20),
            1 => random.Next(0x80, 0x7ff),
            2 => random.Next(0xe000, 0xfffd),
            3 => random.Next(0x10000, 0x10ffff),
            _ => random.Next(0x20, 0x7f),
        })));

    private static string Render(IEnumerable<(string Name, int Value)> members, Random random) =>
        "{" + string.Join(random.Next(2) == 0 ? "," : " ,\n", members.Select(member => $"{System.Text.Json.JsonSerializer.Serialize(member.Name)}: {member.Value}")) + "}";
}
