using System.Text;
using System.Text.Json;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Values;

public class RegoJsonTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("[1,2.50,1e2,-0,123456789012345678901234567890]")]
    [InlineData("""{"a":{"b":[true,false]},"z":""}""")]
    [InlineData("\"\u65e5\u672c \ud83d\ude00\"")]
    public void Serialize_Parsed_GivesTheSameText(string json) => Assert.Equal(json, RegoJson.Serialize(RegoJson.Parse(json)));

    [Theory]
    [InlineData("""{"b":1,"a":2,"b":3}""", """{"a":2,"b":3}""")]
    [InlineData("""["\u0061\n\/\ud83d\ude00"]""", "[\"a\\n/\ud83d\ude00\"]")]
    [InlineData("""["\ud800x\udc00"]""", "[\"\uFFFDx\uFFFD\"]")]
    [InlineData("""["<>&\u2028\u0001\u007f"]""", """["\u003c\u003e\u0026\u2028\u0001""" + "\u007f\"]")]
    public void Serialize_Parsed_WritesAsGoDoes(string json, string expected) => Assert.Equal(expected, RegoJson.Serialize(RegoJson.Parse(json)));

    [Fact]
    public void Parse_ManyDuplicateNames_LastWins()
    {
        var text = "{" + string.Join(',', Enumerable.Range(0, 40).Select(i => $"\"k{i % 20}\":{i}")) + "}";
        var map = Assert.IsType<RegoObject>(RegoJson.Parse(text));
        Assert.Equal(20, map.Count);
        Assert.True(map.TryGetValue("k3", out var value));
        Assert.Equal(RegoNumber.Of(23), value);
    }

    [Fact]
    public void Parse_BytesThatAreNotUtf8_AreReplaced() =>
        Assert.Equal(new RegoString("a\uFFFDb"), RegoJson.Parse([(byte)'"', (byte)'a', 0xff, (byte)'b', (byte)'"']));

    [Theory]
    [InlineData("")]
    [InlineData("tru")]
    [InlineData("1 2")]
    [InlineData("[1,]")]
    [InlineData("{'a':1}")]
    public void Parse_NotJson_Throws(string text) => Assert.ThrowsAny<JsonException>(() => RegoJson.Parse(text));

    [Fact]
    public void Parse_HundredThousandLevels_Throws() => Assert.ThrowsAny<JsonException>(() => RegoJson.Parse(new string('[', 100_000)));

    [Fact]
    public void Serialize_KeysOfOtherKinds_AreTheirTextInTextOrder()
    {
        var map = RegoObject.From([
            new(RegoNumber.Of(2), RegoNull.Value),
            new(RegoNumber.Of(10), RegoNull.Value),
            new(RegoArray.Of(new RegoString("x")), RegoNull.Value),
        ]);
        Assert.Equal("""{"10":null,"2":null,"[\"x\"]":null}""", map.ToJson());
    }

    [Fact]
    public void Write_Buffer_IsUtf8()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        RegoJson.Write(buffer, RegoSet.From([new RegoString("é"), RegoNumber.Of(1)]));
        Assert.Equal("[1,\"é\"]", Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Fact]
    public void ToString_Terms_AreWrittenAsRego() =>
        Assert.Equal("{\"a\": [1, set(), {\"\\x01\\\"é\"}]}", RegoObject.From([new(
            new RegoString("a"), RegoArray.Of(RegoNumber.Of(1), RegoSet.Empty, RegoSet.From([new RegoString("\u0001\"é")])))]).ToString());
}
