using System.Text.Json;

namespace ToolGateway.Rego.Tests;

public class RegoCapabilitiesTests
{
    private static readonly JsonElement Document = JsonDocument.Parse(RegoCapabilities.ToJson()).RootElement;

    [Theory]
    [InlineData("plus", """{"decl":{"args":[{"type":"number"},{"type":"number"}],"result":{"type":"number"},"type":"function"},"infix":"+","name":"plus"}""")]
    [InlineData("all", """{"decl":{"args":[{"of":[{"dynamic":{"type":"any"},"type":"array"},{"of":{"type":"any"},"type":"set"}],"type":"any"}],"result":{"type":"boolean"},"type":"function"},"deprecated":true,"name":"all"}""")]
    [InlineData("walk", """{"decl":{"args":[{"type":"any"}],"result":{"static":[{"dynamic":{"type":"any"},"type":"array"},{"type":"any"}],"type":"array"},"type":"function"},"name":"walk","relation":true}""")]
    [InlineData("opa.runtime", """{"decl":{"result":{"dynamic":{"key":{"type":"string"},"value":{"type":"any"}},"type":"object"},"type":"function"},"name":"opa.runtime","nondeterministic":true}""")]
    [InlineData("print", """{"decl":{"type":"function","variadic":{"type":"any"}},"name":"print"}""")]
    [InlineData("json.patch", """{"decl":{"args":[{"type":"any"},{"dynamic":{"dynamic":{"key":{"type":"any"},"value":{"type":"any"}},"static":[{"key":"op","value":{"type":"string"}},{"key":"path","value":{"type":"any"}}],"type":"object"},"type":"array"}],"result":{"type":"any"},"type":"function"},"name":"json.patch"}""")]
    public void ToJson_Builtin_IsDescribedAsOpaDoes(string name, string expected) =>
        Assert.Equal(expected, Builtins().Single(builtin => Name(builtin) == name).GetRawText());

    [Fact]
    public void ToJson_Builtins_AreAllThereInOrder()
    {
        var names = Builtins().Select(Name).ToArray();
        Assert.Equal(206, names.Length);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public void ToJson_KeywordsAndFeatures_AreThoseOfTheLanguage()
    {
        Assert.Equal(["and", "not", "or"], Texts("future_keywords"));
        Assert.Equal(["keywords_in_refs", "rego_v1", "template_strings"], Texts("features"));
        Assert.Empty(Texts("allow_net"));
    }

    private static JsonElement.ArrayEnumerator Builtins() => Document.GetProperty("builtins").EnumerateArray();

    private static string Name(JsonElement builtin) => builtin.GetProperty("name").GetString()!;

    private static string[] Texts(string member) => [.. Document.GetProperty(member).EnumerateArray().Select(item => item.GetString()!)];
}
