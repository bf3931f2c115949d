using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ToolGateway.Rego.Builtins.Yaml;
using ToolGateway.Rego.Values;
using static ToolGateway.Rego.Tests.Builtins.BuiltinHarness;

namespace ToolGateway.Rego.Tests.Builtins;

public class YamlTests
{
    [Theory]
    [InlineData("", "null")]
    [InlineData("# only a comment", "null")]
    [InlineData("a: 1.0", """{"a":1}""")]
    [InlineData("x: 2026-11-22", """{"x":"2026-11-22"}""")]
    [InlineData("[yes, No, on, ~, null, 0x1F, 017, 0b11, 1_000, .5, 1e3, +7]", "[true,false,true,null,null,31,15,3,1000,0.5,1000,7]")]
    [InlineData("'1'", "\"1\"")]
    [InlineData("a: |\n  t\n  u", """{"a":"t\nu"}""")]
    [InlineData("a: |\n  t\n   u\n\n", """{"a":"t\n u\n"}""")]
    [InlineData("a: |-\n  t\n", """{"a":"t"}""")]
    [InlineData("a: |+\n  t\n\n\nb: 1", """{"a":"t\n\n\n","b":1}""")]
    [InlineData("a: >\n  t\n  u\n\n  v\n    w\n  x\n", """{"a":"t u\nv\n  w\nx\n"}""")]
    [InlineData("a: |2\n   t\n", """{"a":" t\n"}""")]
    [InlineData("a: b\n  c\n\n  d", """{"a":"b c\nd"}""")]
    [InlineData("- a: 1\n  b: 2\n- - x\n  - z\n-\n  c: 3\n-", """[{"a":1,"b":2},["x","z"],{"c":3},null]""")]
    [InlineData("a:\n- 1\n- 2\nb:\n  - 3", """{"a":[1,2],"b":[3]}""")]
    [InlineData("a: # c\n  b: 1 # d\n", """{"a":{"b":1}}""")]
    [InlineData("a: 'it''s'\nb: \"x\\ty\\u00e9\\\n  z\"", """{"a":"it's","b":"x\ty\u00e9z"}""")]
    [InlineData("a: \"x\n  y\n\n  z\"", """{"a":"x y\nz"}""")]
    [InlineData("{a: 1, \"b\":2, c, d: [x: w, {e: f}], g: }", """{"a":1,"b":2,"c":null,"d":[{"x":"w"},{"e":"f"}],"g":null}""")]
    [InlineData("a: &x [1]\nb: *x\nc: &y {k: v}\nd:\n  <<: *y\n  k2: 2", """{"a":[1],"b":[1],"c":{"k":"v"},"d":{"k":"v","k2":2}}""")]
    [InlineData("&m\na: 1", """{"a":1}""")]
    [InlineData("a: !!str 1\nb: !!int \"2\"\nc: !!binary aGk=\nd: !foo 3", """{"a":"1","b":2,"c":"hi","d":"3"}""")]
    [InlineData("1: a\ntrue: b\n? c\n: d\n? e", """{"1":"a","c":"d","e":null,"true":"b"}""")]
    [InlineData("%YAML 1.1\n---\na: 1\n...\nb: 2", """{"a":1}""")]
    [InlineData("%TAG ! tag:x,2000:\n---\na: 1", """{"a":1}""")]
    [InlineData("%d", "eval_builtin_error: yaml: line 1: found unknown directive name")]
    [InlineData("%YAML 1.2\n---\na: 1", "eval_builtin_error: yaml: line 1: found incompatible YAML document")]
    [InlineData("%YAML 1.1\na: 1", "eval_builtin_error: yaml: line 2: did not find expected <document start>")]
    [InlineData("--- x\n--- y", "\"x\"")]
    [InlineData("a: http://x:80/y#z", """{"a":"http://x:80/y#z"}""")]
    [InlineData(":a: :b\nc: {:d: :e}", """{":a":":b","c":{":d":":e"}}""")]
    [InlineData("a:\n\n  - b\n\n  - c\n", """{"a":["b","c"]}""")]
    [InlineData("\"a\": 1\n'b c': 2\n[d]: 3", "eval_builtin_error: yaml: line 3: invalid map key: [\"d\"]")]
    [InlineData("a: [1", "eval_builtin_error: yaml: line 1: did not find expected ',' or ']'")]
    [InlineData("a: b: c", "eval_builtin_error: yaml: line 1: mapping values are not allowed in this context")]
    [InlineData("a: 1\n b: 2", "eval_builtin_error: yaml: line 2: mapping values are not allowed in this context")]
    [InlineData("a: 1\nb", "eval_builtin_error: yaml: line 2: could not find expected ':'")]
    [InlineData("a: *nope", "eval_builtin_error: yaml: line 1: unknown anchor 'nope' referenced")]
    [InlineData("a: \"x", "eval_builtin_error: yaml: line 1: found unexpected end of stream")]
    [InlineData("a: 'x' y", "eval_builtin_error: yaml: line 1: did not find expected key")]
    [InlineData("\ta: 1", "eval_builtin_error: yaml: line 1: found character that cannot start any token")]
    [InlineData("a: .inf", "eval_builtin_error: yaml: line 1: json: unsupported value: .inf")]
    [InlineData("- a\nb: 1", "eval_builtin_error: yaml: line 2: did not find expected <document start>")]
    public void Unmarshal_Text_GivesWhatOpaGives(string yaml, string expected)
    {
        var actual = Run("yaml.unmarshal", new RegoString(yaml));
        Assert.Equal(expected.StartsWith("eval", StringComparison.Ordinal) ? expected : RegoJson.Parse(expected).ToJson(), actual);
    }

    [Theory]
    [InlineData("""{"b":[1,{"c":[]}],"a":{"x":null},"e":{}}""", "a:\n  x: null\nb:\n- 1\n- c: []\ne: {}\n")]
    [InlineData("""[[1,[2]],[],"x"]""", "- - 1\n  - - 2\n- []\n- x\n")]
    [InlineData("""["","1","true","null","a: b","a #b","- x","-x","'q'"," s","y","1:30","2026-11-22","#c","é","tab\there","e\u0001"]""",
        "- \"\"\n- \"1\"\n- \"true\"\n- \"null\"\n- 'a: b'\n- 'a #b'\n- '- x'\n- -x\n- '''q'''\n- ' s'\n- \"y\"\n- \"1:30\"\n- \"2026-11-22\"\n- '#c'\n- é\n- \"tab\\there\"\n- \"e\\x01\"\n")]
    [InlineData("""{"a":"x\ny\n","b":"x\ny","c":" x\n\n"}""", "a: |\n  x\n  y\nb: |-\n  x\n  y\nc: |2+\n   x\n\n")]
    [InlineData("""{"k10":1,"k9":2,"B":3,"a":4,"1":5}""", "\"1\": 5\nB: 3\na: 4\nk9: 2\nk10: 1\n")]
    [InlineData("[1.0,1e21,0.1,123456789012345678901234567890]", "- 1\n- 1e+21\n- 0.1\n- 1.2345678901234568e+29\n")]
    public void Marshal_Value_IsLaidOutAsOpaDoes(string json, string expected) =>
        Assert.Equal(new RegoString(expected), Call(NewContext(), "yaml.marshal", RegoJson.Parse(json)));

    [Fact]
    public void Marshal_LongText_FoldsBehindColumn80()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 40));
        var written = ((RegoString)Call(NewContext(), "yaml.marshal", RegoObject.From([new(new RegoString("a"), new RegoString(text))]))!).Value;
        Assert.All(written.Split('\n'), line => Assert.True(line.Length <= 86, line));
        Assert.Equal(3, written.TrimEnd('\n').Split('\n').Length);
        Assert.True(YamlDocument.TryParse(written, out var back, out _, out _));
        Assert.Equal(text, ((RegoString)((RegoObject)back!).Members[0].Value).Value);
    }

    [Fact]
    public void Marshal_AnyTexts_ReadBackTheSame() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>[]>(), texts =>
    {
        var items = texts.Select(text => (RegoValue)new RegoString(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get)).Replace("\r", "", StringComparison.Ordinal)));
        var value = RegoObject.From([new(new RegoString("list"), RegoArray.From(items)), .. items.Select(item => KeyValuePair.Create(item, item))]);
        var written = ((RegoString)Call(NewContext(), "yaml.marshal", value)!).Value;
        Assert.True(YamlDocument.TryParse(written, out var back, out var error, out _), error + "\n" + written);
        return value.Equals(back);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void TryParse_MutatedDocuments_NeverEscapesWithAnotherException()
    {
        const string Source = "a: &x [1, 'b', \"c\"]\nd:\n  - e: |\n      f\n  - *x\n? g\n: {h: i, <<: {j: k}}\n# l\nm: >-\n  n\n\n  o\n";
        const string Inserted = " \n:-[]{},&*!|>'\"%@`?#\t~0";
        var random = new System.Random(7);
        for (var i = 0; i < 4000; i++)
        {
            var text = new StringBuilder(Source);
            for (var edits = random.Next(1, 6); edits > 0; edits--)
            {
                var at = random.Next(text.Length);
                if (random.Next(3) == 0)
                    text.Remove(at, 1);
                else
                    text.Insert(at, Inserted[random.Next(Inserted.Length)]);
            }

            var parsed = YamlDocument.TryParse(text.ToString(), out _, out var error, out var line);
            Assert.True(parsed || (error!.StartsWith("yaml: line", StringComparison.Ordinal) && line > 0));
        }
    }

    [Fact]
    public void TryParse_DeepNesting_IsRefused()
    {
        Assert.False(YamlDocument.TryParse(new string('[', 100_000), out _, out var error, out _));
        Assert.Contains("exceeded max depth", error, StringComparison.Ordinal);
        Assert.False(YamlDocument.TryParse(string.Concat(Enumerable.Repeat("- ", 100_000)), out _, out _, out _));
    }

    [Fact]
    public void TryParse_AliasesOfAliases_AreRefusedBeforeTheyFillMemory()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        var ladder = new StringBuilder("b0: &b0 [x]\n");
        for (var i = 1; i < 2_000; i++)
        {
            ladder.Append(System.Globalization.CultureInfo.InvariantCulture, $"b{i}: &b{i} [*b{i - 1}]\n");
            if (i < 12)
                bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
        }

        Assert.False(YamlDocument.TryParse(bomb.ToString(), out _, out var error, out _));
        Assert.Contains("excessive aliasing", error, StringComparison.Ordinal);
        Assert.False(YamlDocument.TryParse(ladder.ToString(), out _, out error, out _));
        Assert.Contains("max depth", error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_KeyThatBeginsWithAColon_IsText()
    {
        Assert.True(YamlDocument.TryParse(":a: :b\n", out var value, out _, out _));
        Assert.Equal("""{":a":":b"}""", value.ToJson());
    }
}
