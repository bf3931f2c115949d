using System.Text;
using Microsoft.AspNetCore.Http;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Tests.ToolCalls.Mcp;

public sealed class McpHeadersTests
{
    [Theory]
    [InlineData("read_file", "read_file")]
    [InlineData("=?base64?cmVhZF9maWxl?=", "read_file")]
    [InlineData("=?base64?4pyT?=", "✓")]
    [InlineData("=?base64??=", "")]
    [InlineData("=?BASE64?cmVhZF9maWxl?=", "=?BASE64?cmVhZF9maWxl?=")]
    [InlineData("=?base64?cmVhZF9maWxl", "=?base64?cmVhZF9maWxl")]
    [InlineData("=?base64?not base64!?=", null)]
    [InlineData("=?base64?gICA?=", null)]
    [InlineData("=?base64?=", null)]
    [InlineData("caf\u00e9", null)]
    [InlineData("a\u0001", null)]
    public void Decode_Value_GivesItsTextOrNothing(string value, string? expected) => Assert.Equal(expected, McpHeaders.Decode(value));

    [Fact]
    public void Decode_EncodedText_GivesItBack()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => char.ConvertFromUtf32(random.Next(0xD800))));
            Assert.Equal(text, McpHeaders.Decode($"=?base64?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}?="));
        }
    }

    [Theory]
    [InlineData("""{"n":7,"b":true,"s":" x"}""", "7", "true", "=?base64?IHg=?=", true)]
    [InlineData("""{"n":7,"b":true,"s":" x"}""", "8", "true", "=?base64?IHg=?=", false)]
    [InlineData("""{"n":7,"b":true,"s":" x"}""", "7", "True", "=?base64?IHg=?=", false)]
    [InlineData("""{"n":7,"b":true,"s":" x"}""", "7", null, "=?base64?IHg=?=", false)]
    [InlineData("""{"n":null}""", null, null, null, true)]
    [InlineData("""{"n":null}""", "7", null, null, false)]
    [InlineData("{}", null, "true", null, false)]
    public void CheckParameters_MustMirrorTheArguments(string arguments, string? number, string? boolean, string? text, bool agrees)
    {
        var definition = (RegoObject)RegoJson.Parse("""
            {"name":"t","inputSchema":{"type":"object","properties":{"n":{"type":"integer","x-mcp-header":"N"},"b":{"type":"boolean","x-mcp-header":"B"},
             "s":{"type":"string","x-mcp-header":"S"},"list":{"type":"array","items":{"type":"string","x-mcp-header":"L"}}}}}
            """);
        var pin = ToolPin.Of(RegoJson.Parse($$"""{"digest":"{{ToolPinFile.Digest(definition)}}","definition":{{definition.ToJson()}} }"""));
        var headers = new HeaderDictionary();
        foreach (var (name, value) in new[] { ("Mcp-Param-N", number), ("mcp-param-b", boolean), ("Mcp-Param-S", text) })
        {
            if (value is not null)
                headers[name] = value;
        }

        Assert.Equal(3, pin.Headers.Count);
        Assert.Equal(agrees, McpHeaders.CheckParameters(headers, pin, RegoJson.Parse(arguments)) is null);
    }

    [Fact]
    public void Pin_WhoseDefinitionWasEdited_IsRefused()
    {
        var digest = ToolPinFile.Digest((RegoObject)RegoJson.Parse("""{"name":"t"}"""));

        var error = Assert.Throws<FormatException>(() => ToolPin.Of(RegoJson.Parse($$$"""{"digest":"{{{digest}}}","definition":{"name":"t","description":"other"}}""")));

        Assert.Contains("digest", error.Message, StringComparison.Ordinal);
    }
}
