using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Compilation;

public class SchemaTypesTests
{
    private const string Call = "{properties: {amount: {type: integer}, tags: {items: {type: string}}, owner: {anyOf: [{type: string}, {type: 'null'}]}}}";

    [Theory]
    [InlineData("p if input.amount > 1", null)]
    [InlineData("p if input.amuont > 1", "undefined ref: input.amuont")]
    [InlineData("p if startswith(input.amount, \"a\")", "startswith: invalid argument(s)")]
    [InlineData("p if { some tag in input.tags; tag > 1 }", null)]
    [InlineData("p if { some tag in input.tags; tag + 1 == 2 }", "plus: invalid argument(s)")]
    [InlineData("p if input.amount.currency", "undefined ref: input.amount.currency")]
    [InlineData("p if input[input.name]", "undefined ref: input.name")]
    [InlineData("p if input.amuont with input as {\"amuont\": 1}", null)]
    [InlineData("p if count([x | x := input.amuont]) > 0", "undefined ref: input.amuont")]
    public void Compile_SchemaWrittenOut_TypesWhatTheRuleReads(string rule, string? fault)
    {
        var errors = Compile($"package t\n\n# METADATA\n# schemas:\n# - input: {Call}\n{rule}\n").Errors;

        if (fault is null)
        {
            Assert.Empty(errors);
            return;
        }

        Assert.Equal(RegoErrorCodes.Type, errors[0].Code);
        Assert.StartsWith(fault, errors[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# METADATA\n# scope: package\n# schemas:\n# - input: {type: string}\npackage t\n\np if input + 1 == 2\n", "plus: invalid argument(s)")]
    [InlineData("# METADATA\n# scope: package\n# schemas:\n# - input: {type: string}\npackage t\n\n# METADATA\n# schemas:\n# - input: {type: number}\np if input + 1 == 2\n", null)]
    [InlineData("package t\n\n# METADATA\n# schemas:\n# - data.limits: {type: string}\np if data.limits + 1 == 2\n", "plus: invalid argument(s)")]
    [InlineData("package t\n\n# METADATA\n# schemas:\n# - input: {}\n# - input.a.b: {type: string}\np if input.a.b + input.a.c == 2\n", "plus: invalid argument(s)")]
    [InlineData("package t\n\n# METADATA\n# schemas:\n# - input: {type: bogus}\np if input\n", "unable to compile the schema: has a primitive type")]
    [InlineData("package t\n\n# METADATA\n# schemas:\n# - input: {allOf: [{type: string}, {type: number}]}\np if input\n", "unable to compile the schema: unable to merge")]
    [InlineData("package t\n\n# METADATA\n# schemas:\n# - input: {allOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}\np if input.b + 1 == 2\n", "plus: invalid argument(s)")]
    [InlineData("package t\n\n# METADATA\n# schemas:\n# - input: {$ref: '#/definitions/node', definitions: {node: {properties: {next: {$ref: '#/definitions/node'}}}}}\np if input.next.next.next.x\n", null)]
    [InlineData("package t\n\n# METADATA\n# schemas:\n# - input: schema.call\np if input.amount\n", null)]
    public void Compile_Schema_CountsWhereItApplies(string module, string? fault)
    {
        var errors = Compile(module).Errors;

        if (fault is null)
            Assert.Empty(errors);
        else
            Assert.StartsWith(fault, Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_SchemaOfTheHost_IsFoundByName()
    {
        var options = new RegoCompilerOptions { Schemas = (RegoObject)RegoJson.Parse("""{"call": {"properties": {"amount": {"type": "number"}}}}""") };
        const string module = "package t\n\n# METADATA\n# schemas:\n# - input: schema.{0}\np if input.amuont > 1\n";

        Assert.StartsWith("undefined ref: input.amuont", Assert.Single(Compile(module.Replace("{0}", "call", StringComparison.Ordinal), options).Errors).Message, StringComparison.Ordinal);
        Assert.Equal("undefined schema: schema.other", Assert.Single(Compile(module.Replace("{0}", "other", StringComparison.Ordinal), options).Errors).Message);
    }

    private static RegoCompilation Compile(string module, RegoCompilerOptions? options = null) => new RegoCompiler(options).Compile([new RegoSource("a.rego", module)]);
}
