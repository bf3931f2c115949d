
namespace ToolGateway.Rego.Tests.Builtins;

public sealed class GlobTests
{
    [Theory]
    [InlineData("api.**.com", """["."]""", "api.cdn.github.com", "true")]
    [InlineData("*.github.com", """["."]""", "api.not-github.com", "false")]
    [InlineData("*", "[]", "foo.bar", "false")]
    [InlineData("*", "null", "foo.bar", "true")]
    [InlineData("?at", """["f"]""", "fat", "false")]
    [InlineData("{cat,bat,[fr]at}", "[]", "rat", "true")]
    [InlineData("{a,b", "null", "b", "true")]
    [InlineData("{a,{b,c}d}", "null", "cd", "true")]
    [InlineData("[!a-c]at", "[]", "bat", "false")]
    [InlineData("\\\\*", "null", "*", "true")]
    [InlineData("a}", "null", "a}", "true")]
    [InlineData("日*", """["本"]""", "日x", "true")]
    public void Match_PatternAndDelimiters_MatchesAsGobwas(string pattern, string delimiters, string text, string expected) =>
        Assert.Equal(expected, JsonCall.Run("glob.match", $"\"{pattern}\"", delimiters, $"\"{text}\""));

    [Theory]
    [InlineData("[]", "could not parse range")]
    [InlineData("[a", "unexpected end of input")]
    [InlineData("[z-a]", "hi character 'a' should be greater than lo 'z'")]
    public void Match_BadPattern_Fails(string pattern, string message) =>
        Assert.Equal($"eval_builtin_error: {message}", JsonCall.Run("glob.match", $"\"{pattern}\"", "null", "\"a\""));

    [Fact]
    public void QuoteMeta_Pattern_EscapesEachSpecialCharacter() => Assert.Equal("""
        "\\*.\\[a-c\\]\\{x,y\\}"
        """, JsonCall.Text("glob.quote_meta", "*.[a-c]{x,y}"));
}
