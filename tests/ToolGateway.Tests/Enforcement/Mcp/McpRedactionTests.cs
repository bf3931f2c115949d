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
    [InlineData("""{"contents":[{"uri":"file:///a","blob":"MDc4"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":{"type":"text","text":"078"}}]}""")]
    [InlineData("""{"result":{"content":[{"type":"text","text":"078"}]},"status":"completed"}""")]
    public void Apply_ContentThatCannotBeRedactedForCertain_IsBlocked(string result) => Assert.Null(McpRedaction.Apply(Message(result), Pointers));

    [Fact]
    public void Apply_Error_IsLeftAsItIs()
    {
        var message = (RegoObject)RegoJson.Parse("""{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no"}}""");

        Assert.Same(message, McpRedaction.Apply(message, Pointers));
    }

    private static RegoObject Message(string result) => (RegoObject)RegoJson.Parse($$"""{"jsonrpc":"2.0","id":1,"result":{{result}} }""");
}
