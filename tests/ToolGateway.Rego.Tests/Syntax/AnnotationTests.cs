using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Tests.Syntax;

public sealed class AnnotationTests
{
    [Theory]
    [InlineData("title: a", """{"title":"a"}""")]
    [InlineData("custom:\n  a: 1\n  b:\n  - x\n  - w: true\n    z: null", """{"custom":{"a":1,"b":["x",{"w":true,"z":null}]}}""")]
    [InlineData("custom: {a: [1, 'x y', \"q\\n\"], b: }", """{"custom":{"a":[1,"x y","q\n"],"b":null}}""")]
    [InlineData("description: |\n  one\n    two\n\n  three", """{"description":"one\n  two\n\nthree\n"}""")]
    [InlineData("description: >-\n  one\n  two\n\n  three", """{"description":"one two\nthree"}""")]
    [InlineData("title: a # comment\n# another\ndescription: 'it''s'", """{"description":"it's","title":"a"}""")]
    [InlineData("title: one\n  two", """{"title":"one two"}""")]
    [InlineData("schemas:\n- input.a: schema.b\n- data.c: {type: string}",
        """{"schemas":[{"path":["input","a"],"schema":["schema","b"]},{"definition":{"type":"string"},"path":["data","c"]}]}""")]
    [InlineData("organizations: [A, B]\nentrypoint: false", """{"organizations":["A","B"]}""")]
    public void Read_Block_GivesWhatMetadataShows(string yaml, string json)
    {
        var (content, error, _) = AnnotationReader.Read(yaml);
        Assert.Null(error);
        Assert.Equal(json, content!.ToJson());
    }

    [Theory]
    [InlineData(" ", "found whitespace")]
    [InlineData("title: [a", "yaml: line")]
    [InlineData("title: a: b", "yaml: line 1")]
    [InlineData("a\nb", "must be a map")]
    [InlineData("title: 1", "must be a string")]
    [InlineData("authors:\n- {}", "'name' and/or 'email'")]
    [InlineData("title: *a", "unknown anchor 'a' referenced")]
    public void Read_Mistake_IsNamed(string yaml, string message)
    {
        var (content, error, _) = AnnotationReader.Read(yaml);
        Assert.Null(content);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void ParseModule_Blocks_GoToWhatFollows()
    {
        var module = Parsing.Module("# METADATA\n# title: P\npackage a\n\n# METADATA\n# title: R\np := 1\n\n# METADATA\n# entrypoint: true\nq := 1\n");
        Assert.Equal(["package", "rule", "document"], module.Annotations.Select(static annotations => annotations.Scope));
        Assert.Equal("""{"scope":"rule","title":"R"}""", Assert.Single(module.Rules[0].Annotations).Content.ToJson());
    }

    [Theory]
    [InlineData("# METADATA\n# scope: nowhere\np := 1", "a.rego:2:1: rego_parse_error: invalid scope 'nowhere'")]
    [InlineData("# METADATA\n# scope: package\np := 1", "a.rego:2:1: rego_parse_error: annotation scope 'package' must be applied to package")]
    [InlineData("p := 1\n# METADATA\n# title: x", "a.rego:3:1: rego_parse_error: annotation scope 'rule' must be applied to rule")]
    public void ParseModule_MisplacedBlock_IsAnError(string text, string error) => Assert.Equal([error], Parsing.Errors("package a\n" + text));
}
