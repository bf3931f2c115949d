using ToolGateway.Rego.Values;
using static ToolGateway.Rego.Tests.Builtins.BuiltinHarness;

namespace ToolGateway.Rego.Tests.Builtins;

public class CollectionTests
{
    [Theory]
    [InlineData("count", "\"a\u00e5\ud83d\ude00\"", "3")]
    [InlineData("count", "7", "eval_type_error: operand 1 must be one of {array, object, set, string} but got number")]
    [InlineData("sum", "[1,2.5]", "3.5")]
    [InlineData("sum", "[1,\"a\"]", "eval_type_error: operand 1 must be array of numbers but got array containing string")]
    [InlineData("product", "[]", "1")]
    [InlineData("max", "[]", "undefined")]
    [InlineData("max", "[1,\"a\",null]", "\"a\"")]
    [InlineData("min", "[3,1.0,2]", "1.0")]
    [InlineData("sort", "[3,\"a\",null,1]", "[null,1,3,\"a\"]")]
    [InlineData("all", "[true,1]", "false")]
    [InlineData("any", "[]", "false")]
    [InlineData("array.flatten", "[1,[2,[3]],[]]", "[1,2,[3]]")]
    [InlineData("array.reverse", "[1,2]", "[2,1]")]
    [InlineData("cast_set", "[2,1,2]", "[1,2]")]
    [InlineData("cast_string", "1", "eval_type_error: operand 1 must be string but got number")]
    [InlineData("to_number", "\"-0.5e1\"", "-0.5e1")]
    [InlineData("to_number", "\"+007\"", "7")]
    [InlineData("to_number", "\"0x10\"", "eval_builtin_error: strconv.ParseFloat: parsing \"0x10\": invalid syntax")]
    [InlineData("object.keys", "{\"b\":1,\"a\":2}", "[\"a\",\"b\"]")]
    [InlineData("object.union_n", "[{\"a\":{\"b\":1}},{\"a\":{\"c\":2}},{\"d\":3}]", "{\"a\":{\"b\":1,\"c\":2},\"d\":3}")]
    [InlineData("type_name", "[]", "\"array\"")]
    [InlineData("is_object", "{}", "true")]
    [InlineData("bits.negate", "-1", "0")]
    [InlineData("bits.negate", "1.5", "eval_type_error: operand 1 must be integer number but got floating-point number")]
    public void OneOperand_GivesWhatOpaGives(string name, string x, string expected) => Assert.Equal(expected, Run(name, x));

    [Theory]
    [InlineData("numbers.range", "3", "1", "[3,2,1]")]
    [InlineData("numbers.range", "1.5", "2", "eval_type_error: operand 1 must be integer number but got floating-point number")]
    [InlineData("numbers.range", "99999999999999999999", "100000000000000000001", "[99999999999999999999,100000000000000000000,100000000000000000001]")]
    [InlineData("bits.lsh", "1", "70", "1180591620717411303424")]
    [InlineData("bits.lsh", "1", "-1", "eval_type_error: operand 2 must be an unsigned integer number but got a negative integer")]
    [InlineData("bits.rsh", "-1", "99999999999", "-1")]
    [InlineData("array.concat", "[1]", "[2]", "[1,2]")]
    [InlineData("json.filter", "{\"a\":[1,2,3],\"b\":{\"c\":[{\"d\":1}]}}", "[\"a/1\",\"b/c/0/d\"]", "{\"a\":[2],\"b\":{\"c\":[{\"d\":1}]}}")]
    [InlineData("json.remove", "{\"a\":[1,2,3],\"a/b\":1}", "[\"a/0\",\"a/2\",\"a~1b\"]", "{\"a\":[2]}")]
    [InlineData("object.filter", "{\"a\":1,\"b\":2}", "[\"a\"]", "{\"a\":1}")]
    [InlineData("object.remove", "{\"a\":1,\"b\":2}", "{\"a\":0}", "{\"b\":2}")]
    [InlineData("object.union", "{\"a\":{\"x\":1},\"b\":2}", "{\"a\":{\"y\":1},\"b\":{}}", "{\"a\":{\"x\":1,\"y\":1},\"b\":{}}")]
    [InlineData("object.subset", "{\"a\":{\"b\":[1,2,3]}}", "{\"a\":{\"b\":[2,3]}}", "true")]
    [InlineData("object.subset", "[1,2]", "{}", "eval_type_error: both arguments object.subset must be of the same type or array and set")]
    [InlineData("graph.reachable", "{\"a\":[\"b\"],\"b\":[\"a\",\"x\"]}", "[\"a\"]", "[\"a\",\"b\"]")]
    [InlineData("graph.reachable_paths", "{\"a\":[\"b\",\"a\"],\"b\":[]}", "[\"a\"]", "[[\"a\",\"a\",\"b\"],[\"a\",\"a\"],[\"a\",\"b\"]]")]
    public void TwoOperands_GiveWhatOpaGives(string name, string x, string y, string expected) => Assert.Equal(Sorted(expected), Sorted(Run(name, x, y)));

    [Theory]
    [InlineData("numbers.range_step", "0", "10", "4", "[0,4,8]")]
    [InlineData("numbers.range_step", "0", "10", "0", "eval_builtin_error: numbers.range_step: step must be a positive integer")]
    [InlineData("array.slice", "[1,2,3]", "-1", "2", "[1,2]")]
    [InlineData("array.slice", "[1,2,3]", "5", "2", "[]")]
    [InlineData("object.get", "{\"a\":[{\"b\":1}]}", "[\"a\",0,\"b\"]", "null", "1")]
    [InlineData("object.get", "{\"a\":1}", "[\"a\",\"b\"]", "9", "9")]
    [InlineData("internal.member_3", "0", "\"x\"", "[\"x\"]", "true")]
    public void ThreeOperands_GiveWhatOpaGives(string name, string x, string y, string z, string expected) => Assert.Equal(expected, Run(name, x, y, z));

    [Theory]
    [InlineData("""[{"op":"add","path":"/a/-","value":3},{"op":"remove","path":"/a/0"}]""", """{"a":[2,3]}""")]
    [InlineData("""[{"op":"replace","path":"/a/0","value":9},{"op":"copy","from":"/a","path":"/b"}]""", """{"a":[9,2],"b":[9,2]}""")]
    [InlineData("""[{"op":"move","from":"/a/1","path":"/c"},{"op":"test","path":"/c","value":2}]""", """{"a":[1],"c":2}""")]
    [InlineData("""[{"op":"test","path":"/a/0","value":2}]""", "undefined")]
    [InlineData("""[{"op":"add","path":"/a/01","value":2}]""", "undefined")]
    [InlineData("""[{"op":"remove","path":"/nope"}]""", "undefined")]
    [InlineData("""[{"op":"replace","path":"","value":1}]""", "1")]
    public void JsonPatch_Document_IsPatchedOrUndefined(string patch, string expected) => Assert.Equal(expected, Run("json.patch", """{"a":[1,2]}""", patch));

    [Fact]
    public void JsonPatch_Set_UsesElementsAsKeys() => Assert.Equal(
        """["a","c"]""",
        Run("json.patch", Set("""["a","b"]"""), RegoJson.Parse("""[{"op":"remove","path":"b"},{"op":"add","path":"c","value":"c"}]""")));

    [Fact]
    public void Union_SetOfSets_MergesAll() =>
        Assert.Equal("[1,2,3]", Run("union", RegoSet.From([Set("[1,2]"), Set("[2,3]")])));

    [Fact]
    public void Intersection_SetOfSets_KeepsWhatAllHave() =>
        Assert.Equal("[2]", Run("intersection", RegoSet.From([Set("[1,2]"), Set("[2,3]")])));

    [Fact]
    public void RandIntn_SameOperands_GiveTheSameWithinOneEvaluation()
    {
        var context = NewContext();
        var first = Call(context, "rand.intn", new RegoString("k"), RegoNumber.Of(1_000_000_000));
        Assert.Equal(first, Call(context, "rand.intn", new RegoString("k"), RegoNumber.Of(-1_000_000_000)));
    }

    [Fact]
    public void Walk_Nested_GivesEveryPathOutermostFirst() =>
        Assert.Equal("""[[[],{"a":[1]}],[["a"],[1]],[["a",0],1]]""", Run("walk", """{"a":[1]}"""));

    [Fact]
    public void HugeResults_EndAtALimitBeforeTheyAreMade()
    {
        AssertLimited("numbers.range", RegoNumber.Of(0), RegoNumber.Of(1_000_000_000));
        AssertLimited("numbers.range", RegoNumber.Of(0), RegoNumber.Parse("1" + new string('0', 60)));
        AssertLimited("bits.lsh", RegoNumber.Of(1), RegoNumber.Of(1_000_000_000));
        AssertLimited("bits.lsh", RegoNumber.Of(1), RegoNumber.Parse("99999999999999999999"));
        AssertLimited("sprintf", new RegoString(string.Concat(Enumerable.Repeat("%999999d", 100))), RegoArray.From(Enumerable.Repeat((RegoValue)RegoNumber.Of(1), 100)));
        AssertLimited("strings.replace_n", RegoJson.Parse($$"""{"a":"{{new string('b', 10_000)}}"}"""), new RegoString(new string('a', 10_000)));
    }

    private static string Sorted(string json) => json.StartsWith("[[\"", StringComparison.Ordinal)
        ? RegoSet.From((RegoArray)RegoJson.Parse(json)).ToJson()
        : json;
}
