using ToolGateway.Rego.Values;
using static ToolGateway.Rego.Tests.Builtins.BuiltinHarness;

namespace ToolGateway.Rego.Tests.Builtins;

public class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "1.0", "")]
    [InlineData("""{"type":"integer"}""", "1.5", "(Root)|invalid_type|Invalid type. Expected: integer, given: number")]
    [InlineData("""{"type":["string","null"]}""", "true", "(Root)|invalid_type|Invalid type. Expected: [string,null], given: boolean")]
    [InlineData("""{"required":["id"]}""", "{}", "(Root)|required|id is required")]
    [InlineData("""{"properties":{"a":{"items":{"type":"string"}}}}""", """{"a":["x",1]}""", "a.1|invalid_type|Invalid type. Expected: string, given: integer")]
    [InlineData("""{"additionalProperties":false,"properties":{"a":{}},"patternProperties":{"^x":{}}}""", """{"a":1,"xb":2,"c":3}""",
        "(Root)|additional_property_not_allowed|Additional property c is not allowed")]
    [InlineData("""{"additionalProperties":{"type":"string"}}""", """{"a":1}""", "a|invalid_type|Invalid type. Expected: string, given: integer")]
    [InlineData("""{"minimum":2,"multipleOf":0.5}""", "1.25", "(Root)|multiple_of|Must be a multiple of 0.5;(Root)|number_gte|Must be greater than or equal to 2")]
    [InlineData("""{"exclusiveMaximum":3}""", "3", "(Root)|number_lt|Must be less than 3")]
    [InlineData("""{"maximum":3,"exclusiveMaximum":true}""", "3", "(Root)|number_lt|Must be less than 3")]
    [InlineData("""{"minLength":2,"pattern":"^a"}""", "\"b\"", "(Root)|string_gte|String length must be greater than or equal to 2;(Root)|pattern|Does not match pattern '^a'")]
    [InlineData("""{"enum":["a",1]}""", "\"b\"", "(Root)|enum|(Root) must be one of the following: \"a\", 1")]
    [InlineData("""{"const":{"a":1}}""", "2", "(Root)|const|(Root) does not match: {\"a\":1}")]
    [InlineData("""{"uniqueItems":true,"minItems":4}""", "[1,2,1.0]",
        "(Root)|array_min_items|Array must have at least 4 items;(Root)|unique|array items[0,2] must be unique")]
    [InlineData("""{"items":[{"type":"string"}],"additionalItems":false}""", "[\"a\",1]", "(Root)|array_no_additional_items|No additional items allowed on array")]
    [InlineData("""{"contains":{"type":"string"}}""", "[1]",
        "(Root)|contains|At least one of the items must match;0|invalid_type|Invalid type. Expected: string, given: integer")]
    [InlineData("""{"anyOf":[{"type":"string"},{"minimum":5}]}""", "1",
        "(Root)|number_any_of|Must validate at least one schema (anyOf);(Root)|number_gte|Must be greater than or equal to 5")]
    [InlineData("""{"oneOf":[{},{}]}""", "1", "(Root)|number_one_of|Must validate one and only one schema (oneOf)")]
    [InlineData("""{"allOf":[{"minimum":5}]}""", "1", "(Root)|number_gte|Must be greater than or equal to 5;(Root)|number_all_of|Must validate all the schemas (allOf)")]
    [InlineData("""{"not":{}}""", "1", "(Root)|number_not|Must not validate the schema (not)")]
    [InlineData("""{"if":{"type":"integer"},"then":{"minimum":5}}""", "1",
        "(Root)|condition_then|Must validate \"then\" as \"if\" was valid;(Root)|number_gte|Must be greater than or equal to 5")]
    [InlineData("""{"dependencies":{"a":["b"]}}""", """{"a":1}""", "(Root)|missing_dependency|Has a dependency on b")]
    [InlineData("""{"propertyNames":{"maxLength":1}}""", """{"ab":1}""",
        "(Root)|invalid_property_name|Property name of \"ab\" does not match;(Root)|string_lte|String length must be less than or equal to 1")]
    [InlineData("""{"properties":{"a":false}}""", """{"a":1}""", "a|false|False always fails validation")]
    [InlineData("""{"$ref":"#/definitions/n","definitions":{"n":{"properties":{"next":{"$ref":"#/definitions/n"}},"required":["v"]}}}""",
        """{"v":1,"next":{"next":{"v":2}}}""", "next|required|v is required")]
    [InlineData("""{"format":"date-time"}""", "\"2026-11-22 05:16\"", "(Root)|format|Does not match format 'date-time'")]
    [InlineData("""{"format":"ipv4"}""", "\"10.0.0.1\"", "")]
    [InlineData("""{"format":"ipv4"}""", "\"10.1\"", "(Root)|format|Does not match format 'ipv4'")]
    [InlineData("""{"format":"no-such-format"}""", "\"x\"", "")]
    public void MatchSchema_Document_GivesOpasErrors(string schema, string document, string expected)
    {
        var result = Assert.IsType<RegoArray>(Call(NewContext(), "json.match_schema", new RegoString(document), new RegoString(schema)));
        var errors = ((RegoArray)result[1]).Cast<RegoObject>().ToArray();
        Assert.Equal(expected, string.Join(';', errors.Select(error => $"{Text(error, "field")}|{Text(error, "type")}|{Text(error, "desc")}")));
        Assert.All(errors, error => Assert.Equal($"{Text(error, "field")}: {Text(error, "desc")}", Text(error, "error")));
        Assert.Equal(RegoBoolean.Of(expected.Length == 0), result[0]);
    }

    [Theory]
    [InlineData("""{"type":"x"}""", "has a primitive type that is NOT VALID -- given: /x/ Expected valid values are:[array boolean integer number null object string]")]
    [InlineData("""{"type":1}""", "Invalid type. Expected: type, given: string/array of strings")]
    [InlineData("""{"properties":{"a":{"required":"x"}}}""", "required must be of an array")]
    [InlineData("""{"minLength":-1}""", "minLength must be greater than or equal to 0")]
    [InlineData("""{"$ref":"#/definitions/none"}""", "Object has no key 'none'")]
    [InlineData("""{"$ref":"http://example.test/s.json"}""", "reference http://example.test/s.json leads out of the schema, which is off: put what it refers to under definitions")]
    public void VerifySchema_Invalid_SaysWhy(string schema, string expected)
    {
        Assert.Equal(RegoArray.Of(RegoBoolean.False, new RegoString("jsonschema: " + expected)), Call(NewContext(), "json.verify_schema", new RegoString(schema)));
        Assert.Equal($"eval_builtin_error: {expected}", Run("json.match_schema", "{}", schema));
    }

    [Fact]
    public void MatchSchema_SchemaThatRefersToItself_EndsAtALimit() =>
        AssertLimited("json.match_schema", RegoJson.Parse("{}"), RegoJson.Parse("""{"allOf":[{"$ref":"#"}]}"""));

    private static string Text(RegoObject map, string key) => map.TryGetValue(key, out var value) ? ((RegoString)value).Value : "";
}
