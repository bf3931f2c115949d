using System.Text;
using ToolGateway.Rego.Values;
using static ToolGateway.Rego.Tests.Builtins.BuiltinHarness;

namespace ToolGateway.Rego.Tests.Builtins;

public class RenderTemplateTests
{
    private const string Data = """{"a":"x","n":3,"l":["p","q"],"o":{"k":{"z":1}},"t":true,"f":false,"e":[],"nil":null,"h":"<a href='x'>&"}""";

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{.a}} {{ .n }} {{.o.k.z}} {{.l}} {{.o}} {{.nil}} {{.t}}", "x 3 1 [p q] map[k:map[z:1]] <no value> true")]
    [InlineData("{{if .t}}yes{{else}}no{{end}} {{if .f}}yes{{else}}no{{end}} {{if .e}}yes{{else if .a}}mid{{else}}no{{end}}", "yes no mid")]
    [InlineData("{{range .l}}{{.}},{{end}}{{range .e}}x{{else}}none{{end}}", "p,q,none")]
    [InlineData("{{range $i, $e := .l}}{{$i}}={{$e}};{{end}}{{range $k, $v := .o}}{{$k}}{{end}}", "0=p;1=q;k")]
    [InlineData("{{range .l}}{{.}}{{break}}{{end}}|{{range .l}}{{if eq . \"p\"}}{{continue}}{{end}}{{.}}{{end}}", "p|q")]
    [InlineData("{{with .o.k}}{{.z}}{{$.a}}{{end}}{{with .e}}x{{else}}empty{{end}}", "1xempty")]
    [InlineData("{{$v := .a}}{{$v}}{{$v = \"y\"}}{{$v}}{{if true}}{{$v = \"w\"}}{{end}}{{$v}}", "xyw")]
    [InlineData("a {{- .a -}} b {{/* note */}}c{{- /* n */ -}} d", "axb cd")]
    [InlineData("{{len .l}} {{index .l 1}} {{index .o \"k\" \"z\"}} {{slice .a 0 1}} {{len .a}}", "2 q 1 x 1")]
    [InlineData("{{eq .a \"x\"}} {{eq .a \"y\" \"x\"}} {{ne .a \"y\"}} {{lt 1 2}} {{ge 2 3}} {{not .t}}", "true true true true false false")]
    [InlineData("{{and .t .a}} {{or .f .a}} {{and .f (index .l 9)}}", "x x false")]
    [InlineData("{{printf \"%s-%03d\" .a 7}} {{print 1 2 \"a\"}} {{.a | printf \"%q\"}} {{println 1}}", "x-007 1 2a \"x\" 1\n")]
    [InlineData("{{html .h}} {{urlquery \"a b\"}} {{js \"a'b\"}}", "&lt;a href=&#39;x&#39;&gt;&amp; a+b a\\'b")]
    [InlineData("{{define \"t\"}}[{{.}}]{{end}}{{template \"t\" .a}}{{block \"u\" .n}}<{{.}}>{{end}}", "[x]<3>")]
    [InlineData("{{(index .l 0) | len}} {{(.o).k.z}} {{1.5}} {{'a'}} {{`r\\n`}}", "1 1 1.5 97 r\\n")]
    [InlineData("{{if .n}}set{{end}}", "set")]
    public void Render_Template_PrintsAsGo(string template, string expected) =>
        Assert.Equal(new RegoString(expected), Call(NewContext(), "strings.render_template", new RegoString(template), RegoJson.Parse(Data)));

    [Theory]
    [InlineData("{{.missing}}", "template: map has no entry for key \"missing\"")]
    [InlineData("{{.a.b}}", "template: can't evaluate field b in type string")]
    [InlineData("{{", "template: unclosed action")]
    [InlineData("{{if .a}}x", "template: unexpected EOF")]
    [InlineData("{{end}}", "template: unexpected {{end}}")]
    [InlineData("{{nope .a}}", "template: function \"nope\" not defined")]
    [InlineData("{{$x}}", "template: undefined variable \"$x\"")]
    [InlineData("{{range .n}}{{end}}", "template: range can't iterate over 3")]
    [InlineData("{{eq .n 3}}", "template: incompatible types for comparison")]
    [InlineData("{{template \"none\"}}", "template: template \"none\" not defined")]
    [InlineData("{{break}}", "template: {{break}} outside {{range}}")]
    public void Render_Mistake_IsAFailure(string template, string expected) =>
        Assert.Equal("eval_builtin_error: " + expected, Run("strings.render_template", new RegoString(template), RegoJson.Parse(Data)));

    [Theory]
    [InlineData("{{define \"t\"}}{{template \"t\"}}{{end}}{{template \"t\"}}")]
    [InlineData("{{range 1000000000}}{{end}}")]
    [InlineData("{{range 100000}}{{range 100000}}xxxxxxxxxxxxxxxx{{end}}{{end}}")]
    public void Render_WithoutEnd_StopsAtALimit(string template) => AssertLimited("strings.render_template", new RegoString(template), RegoObject.Empty);

    [Fact]
    public void Render_MutatedTemplates_NeverEscapeWithAnException()
    {
        const string Source = "{{range $i, $e := .l}}{{if eq $e \"p\"}}{{$i | printf \"%d\"}}{{else}}{{(index .l 0).x}}{{end}}{{- end -}} {{with .o}}{{.k}}{{end}}{{/* c */}}";
        const string Inserted = "{}|()$.\"` -:=,endifrange1";
        var random = new System.Random(11);
        for (var i = 0; i < 3000; i++)
        {
            var text = new StringBuilder(Source);
            for (var edits = random.Next(1, 5); edits > 0; edits--)
            {
                var at = random.Next(text.Length);
                if (random.Next(2) == 0)
                    text.Remove(at, 1);
                else
                    text.Insert(at, Inserted[random.Next(Inserted.Length)]);
            }

            var result = Run("strings.render_template", new RegoString(text.ToString()), RegoJson.Parse(Data));
            Assert.True(result.StartsWith('"') || result.StartsWith("eval_builtin_error: template:", StringComparison.Ordinal), result);
        }
    }
}
