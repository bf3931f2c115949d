using ToolGateway.Rego.Values;
using static ToolGateway.Rego.Tests.Builtins.BuiltinHarness;

namespace ToolGateway.Rego.Tests.Builtins;

public class StringsTests
{
    [Theory]
    [InlineData("%d %s %v", """[1,"a",true]""", "1 a true")]
    [InlineData("%5d|%-5d|%05d|%+d|% d", "[42,42,42,42,42]", "   42|42   |00042|+42| 42")]
    [InlineData("%x %X %o %O %b %c %U %q", "[255,255,8,8,5,97,97,97]", "ff FF 10 0o10 101 a U+0061 'a'")]
    [InlineData("%#x %#o %#b %#U", "[255,8,5,97]", "0xff 010 0b101 U+0061 'a'")]
    [InlineData("%x %X % x %#x %.2x", """["hi","hi","hi","hi","hello"]""", "6869 6869 68 69 0x6869 6865")]
    [InlineData("%q %#q %+q", """["a\"b","ab","é"]""", """ "a\"b" `ab` "\u00e9" """)]
    [InlineData("%f %.2f %8.3f|%-8.1f|%+.1f", "[1.5,2.345,1.5,1.5,1.5]", "1.500000 2.35    1.500|1.5     |+1.5")]
    [InlineData("%e %E %g %G %.3g", "[1234.5678,1234.5678,1e-7,1e-7,1234.5678]", "1.234568e+03 1.234568E+03 1e-07 1E-07 1.23e+03")]
    [InlineData("%v %v %v", "[1.5,1e6,123456789012345678901234567890]", "1.5 1e+06 123456789012345678901234567890")]
    [InlineData("%.0f %.0f %.1f", "[0.5,1.5,0.25]", "0 2 0.2")]
    [InlineData("%08.3f|%+08.2f", "[-3.14159,2.5]", "-003.142|+0002.50")]
    [InlineData("%b %x %.3x", "[1.5,1.5,1.999]", "6755399441055744p-52 0x1.8p+00 0x1.ffcp+00")]
    [InlineData("%d", "[1.5]", "%!d(float64=1.5)")]
    [InlineData("%s", "[1]", "%!s(int=1)")]
    [InlineData("%z", """["a"]""", "%!z(string=a)")]
    [InlineData("%d", "[]", "%!d(MISSING)")]
    [InlineData("%!", "[1]", "%!!(int=1)")]
    [InlineData("%", "[]", "%!(NOVERB)")]
    [InlineData("%d", "[1,2,\"x\"]", "1%!(EXTRA int=2, string=x)")]
    [InlineData("%[2]d %[1]d", "[1,2]", "2 1")]
    [InlineData("%[3]d", "[1]", "%!d(BADINDEX)")]
    [InlineData("%*d|%-*d|%.*f", "[5,1,4,2,2,3.14159]", "    1|2   |3.14")]
    [InlineData("%*d", "[\"x\",1]", "%!(BADWIDTH)1")]
    [InlineData("%5s|%-5s|%.2s|%05s", """["ab","ab","abc","ab"]""", "   ab|ab   |ab|000ab")]
    [InlineData("%T %T %T %T", "[1,1.5,\"a\",123456789012345678901234567890]", "int float64 string *big.Int")]
    [InlineData("%30d|%-30d|%+x", "[123456789012345678901,123456789012345678901,123456789012345678901]", "         123456789012345678901|123456789012345678901         |+6b14e9f812f366c35")]
    [InlineData("%e", "[123456789012345678901]", "%!e(big.Int=123456789012345678901)")]
    [InlineData("%v %v", """[{"a":[1,"x"]},null]""", """{"a": [1, "x"]} null""")]
    [InlineData("%#v %#v", """["a",1]""", "\"a\" 1")]
    [InlineData("100%%", "[]", "100%")]
    public void Sprintf_Verbs_PrintAsGo(string format, string values, string expected)
    {
        var result = Assert.IsType<RegoString>(Call(NewContext(), "sprintf", new RegoString(format), RegoJson.Parse(values)));
        Assert.Equal(expected.Trim(), result.Value.Trim());
    }

    [Theory]
    [InlineData("concat", "[\",\",[\"a\",\"b\"]]", "\"a,b\"")]
    [InlineData("concat", "[\",\",[\"a\",1]]", "eval_type_error: operand 2 must be array of strings but got array containing number")]
    [InlineData("indexof", "[\"\ud83d\ude00ab\",\"b\"]", "2")]
    [InlineData("indexof", "[\"a\",\"\"]", "eval_builtin_error: empty search character")]
    [InlineData("indexof_n", "[\"\ud83d\ude00aba\",\"a\"]", "[1,3]")]
    [InlineData("substring", "[\"\ud83d\ude00abc\",1,2]", "\"ab\"")]
    [InlineData("substring", "[\"abc\",1,-1]", "\"bc\"")]
    [InlineData("substring", "[\"abc\",-1,1]", "eval_builtin_error: negative offset")]
    [InlineData("substring", "[\"abc\",1.0,1]", "eval_type_error: operand 2 must be integer number but got floating-point number")]
    [InlineData("split", "[\"a,b,\",\",\"]", "[\"a\",\"b\",\"\"]")]
    [InlineData("split", "[\"a\ud83d\ude00\",\"\"]", "[\"a\",\"\ud83d\ude00\"]")]
    [InlineData("split", "[\"\",\"\"]", "[]")]
    [InlineData("strings.split_n", "[\"a.b.c\",\".\",-2]", "[\"b\",\"c\"]")]
    [InlineData("strings.split_n", "[\"a.b.c\",\".\",0]", "[]")]
    [InlineData("replace", "[\"aXa\",\"a\",\"bb\"]", "\"bbXbb\"")]
    [InlineData("replace", "[\"ab\",\"\",\"-\"]", "\"-a-b-\"")]
    [InlineData("strings.replace_n", "[{\"a\":\"b\",\"b\":\"c\"},\"ab\"]", "\"bc\"")]
    [InlineData("strings.replace_n", "[{\"a\":\"1\",\"ab\":\"2\"},\"ab\"]", "\"1b\"")]
    [InlineData("strings.reverse", "[\"a\ud83d\ude00b\"]", "\"b\ud83d\ude00a\"")]
    [InlineData("strings.count", "[\"aaaa\",\"aa\"]", "2")]
    [InlineData("trim", "[\"\ud83d\ude00a\ud83d\ude00\",\"\ud83d\ude00\"]", "\"a\"")]
    [InlineData("trim_space", "[\"\\t a\u0085\u3000\"]", "\"a\"")]
    [InlineData("trim_prefix", "[\"aab\",\"a\"]", "\"ab\"")]
    [InlineData("lower", "[\"\u0130\u212a\u00c9\"]", "\"ik\u00e9\"")]
    [InlineData("upper", "[\"\u00df\u0131\u017f\u00e9\u01c6\"]", "\"\u00dfIS\u00c9\u01c4\"")]
    [InlineData("format_int", "[-255,16]", "\"-ff\"")]
    [InlineData("format_int", "[8,8]", "\"10\"")]
    [InlineData("format_int", "[15.9,2]", "\"1111\"")]
    [InlineData("format_int", "[1,3]", "eval_type_error: operand 2 must be one of {2, 8, 10, 16}")]
    [InlineData("strings.any_prefix_match", "[[\"abc\",\"x\"],\"ab\"]", "true")]
    [InlineData("strings.any_suffix_match", "[[1],\"ab\"]", "eval_type_error: operand 1 must be array of strings but got array containing number")]
    [InlineData("strings.any_suffix_match", "[1,\"ab\"]", "eval_type_error: operand 1 must be one of {string, set, array} but got number")]
    public void Calls_GiveWhatOpaGives(string name, string args, string expected) =>
        Assert.Equal(expected, Run(name, ((RegoArray)RegoJson.Parse(args)).ToArray()));
}
