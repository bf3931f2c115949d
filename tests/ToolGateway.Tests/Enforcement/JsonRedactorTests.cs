using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ToolGateway.Enforcement.Redaction;

namespace ToolGateway.Tests.Enforcement;

public sealed class JsonRedactorTests
{
    [Theory]
    [InlineData("{\"ssn\":\"1\"}", "/ssn", "{\"ssn\":\"[redacted]\"}")]
    [InlineData("{\"\\u0073sn\":\"1\"}", "/ssn", "{\"\\u0073sn\":\"[redacted]\"}")]
    [InlineData("{ \"a\" : { \"b\" : [1, {\"c\":2}] } , \"d\":1.0}", "/a/b", "{ \"a\" : { \"b\" : \"[redacted]\" } , \"d\":1.0}")]
    [InlineData("{\"a\":[1,2,3]}", "/a/1", "{\"a\":[1,\"[redacted]\",3]}")]
    [InlineData("[{\"x\":1},{\"x\":2},{\"y\":3}]", "/*/x", "[{\"x\":\"[redacted]\"},{\"x\":\"[redacted]\"},{\"y\":3}]")]
    [InlineData("{\"m\":{\"a\":{\"x\":1},\"b\":{\"x\":2}}}", "/m/*/x", "{\"m\":{\"a\":{\"x\":\"[redacted]\"},\"b\":{\"x\":\"[redacted]\"}}}")]
    [InlineData("{\"a/b\":1,\"c~d\":2}", "/a~1b /c~0d", "{\"a/b\":\"[redacted]\",\"c~d\":\"[redacted]\"}")]
    [InlineData("{\"a\":{\"b\":1}}", "/a /a/b", "{\"a\":\"[redacted]\"}")]
    [InlineData("{\"a\":{\"b\":1,\"c\":2}}", "/a/* /a/b/x", "{\"a\":{\"b\":\"[redacted]\",\"c\":\"[redacted]\"}}")]
    [InlineData("{\"a\":1}", "/missing/x", "{\"a\":1}")]
    [InlineData("\"x\"", "", "\"[redacted]\"")]
    [InlineData("{\"\":1}", "/", "{\"\":\"[redacted]\"}")]
    public void Redact_Pointers_ReplaceExactlyTheirPlaces(string json, string pointers, string expected) =>
        Assert.Equal(expected, Redact(json, pointers.Split(' ')));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"x\":[{\"a\":1,\"\\u0061\":2}]}")]
    [InlineData("{\"\\uD800\":1}")]
    [InlineData("<a/>")]
    public void Redact_TextThatIsNotPlainJson_IsRefused(string json) => Assert.Null(Redact(json, "/b"));

    [Fact]
    public void Redact_InvalidUtf8_IsRefused() => Assert.Null(JsonRedactor.Redact([(byte)'"', 0xFF, (byte)'"'], ["/a"]));

    [Fact]
    public void Redact_AnyMembers_LeavesNoneOfTheRedactedValues() => Prop.ForAll<NonEmptyString, NonNegativeInt>((name, depth) =>
    {
        if (!IsText(name.Get))
            return;
        var levels = depth.Get % 6;
        var secret = "\"s3cret\"";
        var key = System.Text.Json.JsonSerializer.Serialize(name.Get);
        var json = string.Concat(Enumerable.Repeat($"{{{key}:[", levels)) + $"{{{key}:{secret},\"other\\u0000x\":1}}" + string.Concat(Enumerable.Repeat("]}", levels));
        var segment = name.Get.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        if (segment == "*" || name.Get == "other\0x")
            return;
        var pointer = string.Concat(Enumerable.Repeat($"/{segment}/*", levels)) + "/" + segment;
        var redacted = Redact(json, pointer);
        Assert.Equal(json.Replace(secret, "\"[redacted]\"", StringComparison.Ordinal), redacted);
    }).QuickCheckThrowOnFailure();

    private static bool IsText(string text) => text.EnumerateRunes().All(static rune => rune != Rune.ReplacementChar);

    private static string? Redact(string json, params string[] pointers) =>
        JsonRedactor.Redact(Encoding.UTF8.GetBytes(json), pointers) is { } redacted ? Encoding.UTF8.GetString(redacted.Span) : null;
}
