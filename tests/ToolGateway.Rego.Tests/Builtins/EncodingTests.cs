using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ToolGateway.Rego.Values;
using static ToolGateway.Rego.Tests.Builtins.BuiltinHarness;

namespace ToolGateway.Rego.Tests.Builtins;

public class EncodingTests
{
    [Theory]
    [InlineData("base64.decode", "YQ==", "\"a\"")]
    [InlineData("base64.decode", "YW\\nJj", "\"abc\"")]
    [InlineData("base64.decode", "YQ", "eval_builtin_error: illegal base64 data at input byte 2")]
    [InlineData("base64.decode", "YQ=a", "eval_builtin_error: illegal base64 data at input byte 3")]
    [InlineData("base64.decode", "YQ===", "eval_builtin_error: illegal base64 data at input byte 4")]
    [InlineData("base64.is_valid", "YQ==", "true")]
    [InlineData("base64.is_valid", "Y!==", "false")]
    [InlineData("base64url.decode", "Pz8_", "\"???\"")]
    [InlineData("base64url.decode", "YQ", "\"a\"")]
    [InlineData("base64url.encode_no_pad", "a", "\"YQ\"")]
    [InlineData("hex.decode", "DEADBEEF", "\"\u07ad\uFFFD\uFFFD\"")]
    [InlineData("hex.decode", "abc", "eval_builtin_error: encoding/hex: odd length hex string")]
    [InlineData("hex.decode", "zz", "eval_builtin_error: encoding/hex: invalid byte: U+007A 'z'")]
    [InlineData("hex.encode", "\u00e9", "\"c3a9\"")]
    [InlineData("urlquery.encode", "a b&\u00e9~", "\"a+b%26%C3%A9~\"")]
    [InlineData("urlquery.decode", "a+b%26", "\"a b\\u0026\"")]
    [InlineData("urlquery.decode", "%zz", "eval_builtin_error: invalid URL escape \"%zz\"")]
    [InlineData("urlquery.decode_object", "a=1&b=2&a=3&c", "{\"a\":[\"1\",\"3\"],\"b\":[\"2\"],\"c\":[\"\"]}")]
    [InlineData("json.is_valid", "[1]", "true")]
    [InlineData("json.is_valid", "[1,]", "false")]
    [InlineData("json.unmarshal", "[1.0]", "[1.0]")]
    [InlineData("units.parse", "10m", "0.0100000000")]
    [InlineData("units.parse", "1.5Ki", "1536")]
    [InlineData("units.parse", "2M", "2000000")]
    [InlineData("units.parse", "1e2", "100")]
    [InlineData("units.parse", "E", "eval_builtin_error: units.parse: no amount provided")]
    [InlineData("units.parse", "1 K", "eval_builtin_error: units.parse: spaces not allowed in resource strings")]
    [InlineData("units.parse", "1e1000000", "eval_builtin_error: units.parse: exponent too large")]
    [InlineData("units.parse", "0.0.0", "eval_builtin_error: units.parse: could not parse amount to a number")]
    [InlineData("units.parse", "1Xi", "eval_builtin_error: units.parse: unit Xi not recognized")]
    [InlineData("units.parse_bytes", "1.1KiB", "1126")]
    [InlineData("units.parse_bytes", "10K", "10000")]
    [InlineData("units.parse_bytes", "10foo", "eval_builtin_error: units.parse_bytes: byte unit foo not recognized")]
    [InlineData("semver.is_valid", "1.0.0-0.3.7+x.01", "true")]
    [InlineData("semver.is_valid", "1.0.0-01", "false")]
    [InlineData("uuid.parse", "{00000000-0000-4000-8000-000000000000}", "{\"variant\":\"RFC4122\",\"version\":4}")]
    [InlineData("uuid.parse", "x", "undefined")]
    [InlineData("uri.is_valid", "", "false")]
    [InlineData("uri.is_valid", "http://exa%6dple.com/", "false")]
    [InlineData("uri.is_valid", "http://us er@h/", "false")]
    [InlineData("uri.is_valid", "http://h:\u0661/", "false")]
    [InlineData("uri.is_valid", "http://a]b/", "true")]
    [InlineData("uri.parse", "http://h/%61", "{\"hostname\":\"h\",\"path\":\"/a\",\"raw_path\":\"/%61\",\"scheme\":\"http\"}")]
    [InlineData("uri.parse", "HTTP://[::1%25eth]:1/a?b#c", "{\"fragment\":\"c\",\"hostname\":\"::1%eth\",\"path\":\"/a\",\"port\":\"1\",\"raw_path\":\"/a\",\"raw_query\":\"b\",\"scheme\":\"http\"}")]
    [InlineData("uri.parse", ":x", "eval_builtin_error: parse \":x\": missing protocol scheme")]
    public void Text_GivesWhatOpaGives(string name, string text, string expected) =>
        Assert.Equal(expected, Run(name, new RegoString(text.Replace("\\n", "\n", StringComparison.Ordinal))));

    [Theory]
    [InlineData("1.0.0", "1.0.0-rc.1", "1")]
    [InlineData("1.0.0-alpha.1", "1.0.0-alpha.beta", "-1")]
    [InlineData("1.0.0-2", "1.0.0-11", "-1")]
    [InlineData("1.0.0+a", "1.0.0+b", "0")]
    [InlineData("1", "1.0.0", "eval_builtin_error: semver.compare: operand 1: string \"1\" is not a valid SemVer")]
    public void SemverCompare_Versions_FollowTheSpecification(string a, string b, string expected) =>
        Assert.Equal(expected, Run("semver.compare", new RegoString(a), new RegoString(b)));

    [Fact]
    public void Base64_AnyText_RoundTrips() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
    {
        var valid = new RegoString(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get)));
        return RoundTrips("base64.encode", "base64.decode", valid) && RoundTrips("base64url.encode_no_pad", "base64url.decode", valid) &&
            RoundTrips("hex.encode", "hex.decode", valid) && RoundTrips("urlquery.encode", "urlquery.decode", valid) &&
            RoundTrips("json.marshal", "json.unmarshal", valid);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void UrlQueryEncodeObject_ListsAndSets_RepeatTheKey() =>
        Assert.Equal("\"a=1&b=x&b=y\"".Replace("&", "\\u0026", StringComparison.Ordinal), Run("urlquery.encode_object", """{"b":["x","y"],"a":"1"}"""));

    [Theory]
    [InlineData("""{"pretty":true}""", "{\n\t\"a\": [\n\t\t1\n\t]\n}")]
    [InlineData("""{"indent":"  ","prefix":">"}""", ">{\n>  \"a\": [\n>    1\n>  ]\n>}")]
    [InlineData("""{"pretty":false,"indent":"  "}""", "{\"a\":[1]}")]
    public void JsonMarshalWithOptions_Layouts_AreOpas(string options, string expected) =>
        Assert.Equal(new RegoString(expected), Call(NewContext(), "json.marshal_with_options", RegoJson.Parse("""{"a":[1]}"""), RegoJson.Parse(options)));

    [Fact]
    public void JsonMarshalWithOptions_UnknownKey_IsRefused() =>
        Assert.Equal("eval_type_error: operand 2 object contained unknown key \"x\"", Run("json.marshal_with_options", "1", """{"x":1}"""));

    [Fact]
    public void JsonMarshal_SharedPartsThatMultiply_EndAtALimit()
    {
        RegoValue value = RegoNumber.Of(1);
        for (var i = 0; i < 60; i++)
            value = RegoArray.Of(value, value);
        AssertLimited("json.marshal", value);
    }

    [Fact]
    public void Unavailable_Call_SaysSo()
    {
        Assert.Equal(
            "eval_builtin_error: http.send is off: policies decide without reaching out; put what it would fetch into data or input",
            Run("http.send", """{"method":"get","url":"http://x"}"""));
        Assert.Equal("eval_type_error: operand 1 missing required request parameters(s): {\"url\"}", Run("http.send", """{"method":"get"}"""));
        Assert.Equal("eval_type_error: operand 1 invalid request parameters(s): {\"x\"}", Run("http.send", """{"x":"get"}"""));
        Assert.Equal("[\"10.0.0.0\"]", Run("net.lookup_ip_addr", "\"10.0.0.0\""));
        Assert.StartsWith("eval_builtin_error: net.lookup_ip_addr is off", Run("net.lookup_ip_addr", "\"x\""), StringComparison.Ordinal);
    }

    [Fact]
    public void InternalPrint_SetsOfValues_PrintsEveryCombination()
    {
        var lines = new List<string>();
        var context = NewContext();
        context.Print = lines.Add;
        Call(context, "internal.print", RegoArray.Of(RegoSet.From([new RegoString("a")]), RegoSet.Empty, RegoSet.From([RegoNumber.Of(1), RegoNumber.Of(2)])));
        Assert.Equal(["a <undefined> 1", "a <undefined> 2"], lines);
    }

    [Fact]
    public void UuidRfc4122_SameKey_GivesTheSameWithinOneEvaluation()
    {
        var context = NewContext();
        var first = Call(context, "uuid.rfc4122", new RegoString("k"));
        Assert.Equal(first, Call(context, "uuid.rfc4122", new RegoString("k")));
        Assert.NotEqual(first, Call(context, "uuid.rfc4122", new RegoString("other")));
        Assert.Equal("""{"variant":"RFC4122","version":4}""", Run("uuid.parse", first!));
    }

    private static bool RoundTrips(string encode, string decode, RegoValue value)
    {
        var encoded = Call(NewContext(), encode, value)!;
        return value.Equals(Call(NewContext(), decode, encoded));
    }
}
