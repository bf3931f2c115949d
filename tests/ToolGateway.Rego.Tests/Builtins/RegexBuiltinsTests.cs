using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Builtins;

public sealed class RegexBuiltinsTests
{
    [Theory]
    [InlineData("a|ab", "ab", """["a"]""")]
    [InlineData("(|a)+", "aa", """["","",""]""")]
    [InlineData("(?U)a+", "aaa", """["a","a","a"]""")]
    [InlineData("(?i)k", "kK\u212A", "[\"k\",\"K\",\"\u212A\"]")]
    [InlineData("(?i:s)s", "\u017Fs ss", "[\"\u017Fs\",\"ss\"]")]
    [InlineData(@"\bX\b", "éXé aX X", """["X","X"]""")]
    [InlineData(@"\w+", "ünïcödé", """["n","c","d"]""")]
    [InlineData(@"\p{Greek}+", "abc λόγος", """["λόγος"]""")]
    [InlineData(@"\P{L}", "a1b", """["1"]""")]
    [InlineData(@"[^\d\s]+", "1a b2", """["a","b"]""")]
    [InlineData(@"[[:^alpha:]]+", "ab12cd", """["12"]""")]
    [InlineData(".", "👩a", """["👩","a"]""")]
    [InlineData(@"\Qa.b\E+", "a.bb", """["a.bb"]""")]
    [InlineData("(?m)^.$", "a\nb\nc", """["a","b","c"]""")]
    [InlineData("a$", "a\n", "[]")]
    [InlineData(@"\x{1F469}|\x61|\141", "👩a", """["👩","a"]""")]
    [InlineData("[a-]+", "a-b", """["a-"]""")]
    [InlineData("a{,2}", "a{,2}", """["a{,2}"]""")]
    [InlineData("a{2,3}?", "aaaaa", """["aa","aa"]""")]
    public void FindN_Pattern_FindsWhatGoFinds(string pattern, string text, string expected) =>
        Assert.Equal(RegoJson.Parse(expected), RegoJson.Parse(JsonCall.Run("regex.find_n", Json(pattern), Json(text), "-1")));

    [Theory]
    [InlineData("[", "error parsing regexp: missing closing ]: `[`")]
    [InlineData("(", "error parsing regexp: missing closing ): `(`")]
    [InlineData("a)", "error parsing regexp: unexpected ): `a)`")]
    [InlineData("*", "error parsing regexp: missing argument to repetition operator: `*`")]
    [InlineData("a**", "error parsing regexp: invalid nested repetition operator: `**`")]
    [InlineData("a(?=b)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`")]
    [InlineData(@"\Z", @"error parsing regexp: invalid escape sequence: `\Z`")]
    [InlineData(@"(a)\1", @"error parsing regexp: invalid escape sequence: `\1`")]
    [InlineData(@"\p{Klingon}", @"error parsing regexp: invalid character class range: `\p{Klingon}`")]
    [InlineData("[b-a]", "error parsing regexp: invalid character class range: `b-a`")]
    [InlineData("a{1001}", "error parsing regexp: invalid repeat count: `{1001}`")]
    [InlineData("((a{100}){100}){100}", "error parsing regexp: invalid repeat count: `{100}`")]
    [InlineData("(?P<n>a)(?P<n>b)", "error parsing regexp: duplicate capture group name: `n`")]
    [InlineData("\\", "error parsing regexp: trailing backslash at end of expression: ``")]
    public void Match_InvalidPattern_FailsWithGosText(string pattern, string message)
    {
        Assert.Equal($"eval_builtin_error: {message}", JsonCall.Text("regex.match", pattern, "x"));
        Assert.Equal("false", JsonCall.Text("regex.is_valid", pattern));
    }

    [Theory]
    [InlineData("x*", "ab", "-", "-a-b-")]
    [InlineData("(a)(b)?", "aab", "<$1|$2>", "<a|><a|b>")]
    [InlineData("(?P<n>a)", "a", "${n}${1}x$1x$$", "aax$")]
    [InlineData("a", "a", "${x", "${x")]
    [InlineData("日", "日本", "$0$0", "日日本")]
    public void Replace_Template_ExpandsAsGo(string pattern, string text, string template, string expected) =>
        Assert.Equal(Json(expected), Json(((RegoString)RegoJson.Parse(JsonCall.Text("regex.replace", text, pattern, template))).Value));

    [Theory]
    [InlineData("x*", "axbxc", """["a","b","c"]""")]
    [InlineData("a", "", """[""]""")]
    [InlineData("z+", "pizza", """["pi","a"]""")]
    public void Split_Pattern_SplitsAsGo(string pattern, string text, string expected) =>
        Assert.Equal(expected, JsonCall.Text("regex.split", pattern, text));

    [Fact]
    public void TemplateMatch_Delimiters_QuoteTheRest()
    {
        Assert.Equal("true", JsonCall.Text("regex.template_match", "urn:foo.<[a-z]+>", "urn:foo.bar", "<", ">"));
        Assert.Equal("false", JsonCall.Text("regex.template_match", "urn:foo.<[a-z]+>", "urn:fooxbar", "<", ">"));
        Assert.Equal("false", JsonCall.Text("regex.template_match", "a{b", "a{b", "{", "}"));
        Assert.Equal(
            "eval_builtin_error: start delimiter has to be exactly one character long but is 2 long",
            JsonCall.Text("regex.template_match", "a", "a", "<<", ">"));
    }

    // "a*b*c" is OPA's answer too: its algorithm does not look beyond the token after a repeated one.
    [Theory]
    [InlineData("a.a.[0-9]+z", ".b.b2359825792*594823z", "true")]
    [InlineData("[a-z]+\\[[0-9]+\\]", "foo\\[1\\]", "true")]
    [InlineData("b*", "b+", "true")]
    [InlineData("a+", "b+", "false")]
    [InlineData("", "a.b", "false")]
    [InlineData("a*b*c", "c", "false")]
    public void GlobsMatch_TwoGlobs_TellsWhetherTheyIntersect(string left, string right, string expected)
    {
        Assert.Equal(expected, JsonCall.Text("regex.globs_match", left, right));
        Assert.Equal(expected, JsonCall.Text("regex.globs_match", right, left));
    }

    [Fact]
    public void GlobsMatch_BadGlob_FailsWithPosition() =>
        Assert.Equal(
            "eval_builtin_error: input:pqrs], pos:5, set-close ']' with no preceding '[': the input provided is invalid",
            JsonCall.Text("regex.globs_match", "pqrs]", "[a-b]+"));

    [Theory]
    [InlineData("(a|aa)+$")]
    [InlineData("(x+x+)+y")]
    [InlineData(@"(\w|é)*é$")]
    public void Match_HostilePattern_EndsWithinTheBudget(string pattern)
    {
        var context = JsonCall.Context(RegoLimits.Decision);
        var text = new RegoString(new string('a', 300_000) + "é!");
        var halted = Assert.Throws<RegoHaltException>(() =>
        {
            for (var i = 0; i < 1000; i++)
                ToolGateway.Rego.Builtins.BuiltinRegistry.All["regex.match"].Function(context, [new RegoString(pattern), text]);
        });
        Assert.Contains(halted.Code, new[] { RegoErrorCodes.LimitExceeded, RegoErrorCodes.EvalCancel });
    }

    private static string Json(string text) => new RegoString(text).ToJson();
}
