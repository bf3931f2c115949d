namespace ToolGateway.Tests.Decisions.Embedded;

public sealed class EmbeddedPolicyTests
{
    private const string Minimal = "package toolgateway\ndecision := {\"allow\": false, \"reasons\": [\"no\"]}\n";

    [Fact]
    public void Load_Shipped_Succeeds() => Assert.Equal("data.toolgateway", Policies.Shipped.Policy.Packages[^1]);

    [Fact]
    public void Load_ParseError_PointsAtThePlace()
    {
        var (policy, errors) = Policies.TryOf("package toolgateway\n\tdecision := {\"allow\": }\n");
        Assert.Null(policy);
        Assert.Contains("policy.rego:2:24: rego_parse_error", errors[0], StringComparison.Ordinal);
        Assert.Contains("\n    \tdecision := {\"allow\": }\n    \t                      ^", errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SeveralErrors_AreAllReported()
    {
        var (_, errors) = Policies.TryOf(Minimal + "a := x\nb := y\n", ("other.rego", "package other\nc := z\n"));
        Assert.Equal(3, errors.Count);
        Assert.All(errors, error => Assert.Contains("rego_unsafe_var_error", error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("package other\ndecision := true\n", "has no rule decision")]
    [InlineData("package toolgateway\nallow := true\n", "has no rule decision")]
    [InlineData("package toolgateway\ndecision := true\n", "policy.rego:2:1: decision is true, which is no decision")]
    [InlineData("package toolgateway\ndecision contains \"a\"\n", "policy.rego:2:1: decision is {\"a\"}, which is no decision")]
    [InlineData("package toolgateway\n\ndefault decision := {\"allow\": false}\n", "policy.rego:3:1: decision is {\"allow\": false}, which is no decision")]
    [InlineData(Minimal + "visible := {\"a\": true}\n", "policy.rego:3:1: visible is {\"a\": true}, which is no set of action names")]
    public void Load_WrongShape_NamesPlaceAndRepair(string rego, string expected)
    {
        var (policy, errors) = Policies.TryOf(rego);
        Assert.Null(policy);
        Assert.Contains(expected, Assert.Single(errors), StringComparison.Ordinal);
        Assert.Contains("write ", errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Data_IsAtItsPath()
    {
        var policy = Policies.Of(Minimal, ("data.json", """{"top":1,"a":{"x":1}}"""), ("a/b/data.json", """{"y":2}"""), ("a/c/data.yaml", "z:\n  - 3\n"), ("a/other.json", "{}"));
        Assert.Equal("""{"a":{"b":{"y":2},"c":{"z":[3]},"x":1},"top":1}""", policy.Policy.Data.ToJson());
    }

    [Theory]
    [InlineData("""{"a":""", "data.json:1:")]
    [InlineData("[1]", "data at the top must be an object")]
    public void Load_BadData_NamesTheFile(string json, string expected)
    {
        var (policy, errors) = Policies.TryOf(Minimal, ("data.json", json));
        Assert.Null(policy);
        Assert.Contains(expected, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_BadYaml_NamesFileAndLine()
    {
        var (policy, errors) = Policies.TryOf(Minimal, ("data.yaml", "a: 1\nb: [\n"));
        Assert.Null(policy);
        Assert.Matches(@"data\.yaml:\d+: not YAML: ", Assert.Single(errors));
    }

    [Fact]
    public void Load_DataTwice_IsAConflict()
    {
        var (policy, errors) = Policies.TryOf(Minimal, ("data.json", """{"a":{"x":1}}"""), ("a/data.json", """{"x":2}"""));
        Assert.Null(policy);
        Assert.Contains("data.a.x is also given by another file", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Tests_AreIgnored() =>
        Assert.NotNull(Policies.Of(Minimal, ("broken_test.rego", "package x\nthis is not Rego")));

    [Fact]
    public void Load_Manifest_GivesTheRevision()
    {
        Assert.Equal("v42", Policies.Of(Minimal, (".manifest", """{"revision":"v42"}""")).Revision);
        Assert.NotEqual(Policies.Of(Minimal).Revision, Policies.Of(Minimal + "other := 1\n").Revision);
        Assert.Equal(Policies.Of(Minimal).Revision, Policies.Of(Minimal).Revision);
    }

    [Fact]
    public void Load_MissingDirectoryOrEmpty_SaysSo()
    {
        Assert.Contains("it does not exist", Policies.Load("/does/not/exist").Errors[0], StringComparison.Ordinal);
        var empty = Directory.CreateTempSubdirectory("toolgateway-policy-").FullName;
        Assert.Contains("no Rego files below", Policies.Load(empty).Errors[0], StringComparison.Ordinal);
        Directory.Delete(empty);
    }

    [Fact]
    public void Load_InvalidUtf8_NamesTheFile()
    {
        var directory = Directory.CreateTempSubdirectory("toolgateway-policy-").FullName;
        File.WriteAllBytes(Path.Combine(directory, "policy.rego"), [.. "package x #"u8, 0xff]);
        Assert.Contains("policy.rego: not UTF-8 at byte 11", Policies.Load(directory).Errors[0], StringComparison.Ordinal);
        Directory.Delete(directory, recursive: true);
    }
}
