using ToolGateway.Enforcement.Mcp;
using ToolGateway.Rego.Values;

namespace ToolGateway.Tests.Enforcement.Mcp;

public sealed class McpRedactionTests
{
    private static readonly string[] Pointers = ["/ssn", "/rows/*/ssn"];

    [Theory]
    [InlineData("""{"structuredContent":{"ssn":"078","name":"Ada"},"content":[]}""")]
    [InlineData("""{"content":[{"type":"text","text":"{\"rows\":[{\"ssn\":\"078\",\"name\":\"Ada\"}]}"}]}""")]
    [InlineData("""{"contents":[{"uri":"file:///a","mimeType":"application/json","text":"{\"ssn\":\"078\",\"name\":\"Ada\"}"}]}""")]
    [InlineData("""{"structuredContent":{"ssn":"0","name":"Ada"},"_meta":{"com.example/raw":{"ssn":"078"}}}""")]
    [InlineData("""{"structuredContent":{"ssn":"0","name":"Ada"},"_meta":["078"]}""")]
    [InlineData("""{"content":[{"type":"text","text":"{\"ssn\":\"0\",\"name\":\"Ada\"}","_meta":{"raw":"078"}}]}""")]
    public void Apply_WhatThePointersName_IsGone(string result)
    {
        var redacted = McpRedaction.Apply(Message(result), Pointers)?.ToJson();

        Assert.NotNull(redacted);
        Assert.DoesNotContain("078", redacted, StringComparison.Ordinal);
        Assert.Contains("Ada", redacted, StringComparison.Ordinal);
        Assert.Contains("[redacted]", redacted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"ssn 078"}]}""")]
    [InlineData("""{"content":[{"type":"image","data":"MDc4","mimeType":"image/png"}]}""")]
    [InlineData("""{"content":[{"type":"text","text":"{\"ssn\":\"078\",\"ssn\":\"078\"}"}]}""")]
    [InlineData("""{"content":{"ssn":"078"}}""")]
    [InlineData("""{"content":[{"type":"text","text":"{}","raw":"078"}]}""")]
    [InlineData("""{"contents":[{"uri":"file:///a","blob":"MDc4"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":{"type":"text","text":"078"}}]}""")]
    [InlineData("""{"result":{"content":[{"type":"text","text":"078"}]},"status":"completed"}""")]
    public void Apply_ContentThatCannotBeRedactedForCertain_IsBlocked(string result) => Assert.Null(McpRedaction.Apply(Message(result), Pointers));

    [Fact]
    public void Apply_MetadataOfTheProtocol_Stays()
    {
        const string Meta = """{"io.modelcontextprotocol/related-task":{"taskId":"t-1"},"own":1}""";

        var redacted = McpRedaction.Apply(Message($$"""{"structuredContent":{},"_meta":{{Meta}} }"""), Pointers)!.ToJson();

        Assert.Contains("""{"io.modelcontextprotocol/related-task":{"taskId":"t-1"}}""", redacted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"ssn":"078","name":"Ada"}""", """{"name":"Ada","ssn":"[redacted]"}""")]
    [InlineData("\"ssn 078\"", null)]
    public void Apply_DataOfAnError_IsRedactedOrLeftOut(string data, string? expected)
    {
        var message = (RegoObject)RegoJson.Parse($$$"""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no","data":{{{data}}} } }""");

        Assert.True(McpRedaction.Apply(message, Pointers)!.TryGetValue("error", out var value));
        var error = (RegoObject)value!;

        Assert.Equal(expected, error.TryGetValue("data", out var left) ? left.ToJson() : null);
    }

    [Fact]
    public void Apply_ErrorWithoutData_IsLeftAsItIs()
    {
        var message = (RegoObject)RegoJson.Parse("""{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no"}}""");

        Assert.Same(message, McpRedaction.Apply(message, Pointers));
    }

    private static RegoObject Message(string result) => (RegoObject)RegoJson.Parse($$"""{"jsonrpc":"2.0","id":1,"result":{{result}} }""");
}
