using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Builtins;

public sealed class TimeBuiltinsTests
{
    [Theory]
    [InlineData("""[1670006453141828752]""", "2022-12-02T18:40:53.141828752Z")]
    [InlineData("""[1670006453141828752, "Asia/Kolkata"]""", "2022-12-03T00:10:53.141828752+05:30")]
    [InlineData("""[1670006453141828752, "America/New_York", "RFC1123"]""", "Fri, 02 Dec 2022 13:40:53 EST")]
    [InlineData("""[5670006453141828752, "Europe/Berlin", "UnixDate"]""", "Thu Sep  4 03:47:33 CEST 2149")]
    [InlineData("""[-9223372036854775808, "America/New_York", "Jan _2 15:04:05.000 MST -07:00:00 Z07 002 _2006 pm"]""",
        "Sep 20 19:16:41.145 LMT -04:56:02 -04 263 _1677 pm")]
    [InlineData("""[0, "", "3:4:5PM .00 ,999 .999999 06"]""", "12:0:0AM .00   70")]
    public void Format_LayoutAndZone_WritesAsGo(string operand, string expected)
    {
        // A single number stands for itself.
        var json = operand.Contains(',', StringComparison.Ordinal) ? operand : operand.Trim('[', ']');
        Assert.Equal(new RegoString(expected).ToJson(), JsonCall.Run("time.format", json));
    }

    [Theory]
    [InlineData("2006-01-02T15:04:05Z07:00", "2017-06-02T19:00:00-07:00", "1496455200000000000")]
    [InlineData("RFC3339", "1677-09-21T00:12:43.145224192-00:00", "-9223372036854775808")]
    [InlineData("01/02 03:04:05PM '06 -0700", "06/02 07:00:00PM '17 -0700", "1496455200000000000")]
    [InlineData("RFC822", "02 Jun 17 19:00 MST", "1496430000000000000")]
    [InlineData("2006-002", "2024-060", "1709164800000000000")]
    [InlineData("Jan _2 2006", "feb  3 2006", "1138924800000000000")]
    [InlineData("2006-01-02", "2023-02-29", "eval_builtin_error: parsing time \"2023-02-29\": day out of range")]
    [InlineData("2006-01-02", "2023-13-01", "eval_builtin_error: parsing time \"2023-13-01\": month out of range")]
    [InlineData("15:04", "15:04 x", "eval_builtin_error: parsing time \"15:04 x\": extra text: \" x\"")]
    [InlineData("15:04", "x", "eval_builtin_error: parsing time \"x\" as \"15:04\": cannot parse \"x\" as \"15\"")]
    [InlineData("2006", "2300", "eval_builtin_error: time outside of valid range")]
    public void ParseNs_LayoutAndText_ReadsAsGo(string layout, string text, string expected) =>
        Assert.Equal(expected, JsonCall.Text("time.parse_ns", layout, text));

    [Theory]
    [InlineData("1h15m30.5s", "4530500000000")]
    [InlineData("-1.5h", "-5400000000000")]
    [InlineData("1\u00B5s", "1000")]
    [InlineData("9223372036854775807ns", "9223372036854775807")]
    [InlineData("9223372036854775808ns", "eval_builtin_error: time: invalid duration \"9223372036854775808ns\"")]
    [InlineData("1y2w1d12h", "32875200000000000")]
    [InlineData("1x", "eval_builtin_error: time: unknown unit \"x\" in duration \"1x\"")]
    [InlineData("5", "eval_builtin_error: time: missing unit in duration \"5\"")]
    [InlineData("", "eval_builtin_error: time: invalid duration \"\"")]
    public void ParseDurationNs_Text_ReadsAsGo(string text, string expected) => Assert.Equal(expected, JsonCall.Text("time.parse_duration_ns", text));

    [Fact]
    public void AddDate_AcrossAClockChange_KeepsTheTimeOfDay() =>
        Assert.Equal("1711926000000000000", JsonCall.Run("time.add_date", """[1711843200000000000, "Europe/Berlin"]""", "0", "0", "1"));

    [Theory]
    [InlineData("-9223372036854775808", "-1")]
    [InlineData("0", "9223372036854775807")]
    public void AddDate_OutOfRange_Fails(string start, string days) =>
        Assert.Equal("eval_builtin_error: time outside of valid range", JsonCall.Run("time.add_date", start, "0", "0", days));

    [Fact]
    public void Diff_LaterOperandFirst_CountsUpFromTheEarlier() =>
        Assert.Equal("[54,1,28,0,0,0]", JsonCall.Run("time.diff", "1709164800000000000", """[0, "UTC"]"""));

    [Theory]
    [InlineData("1.5", "eval_builtin_error: timestamp too big")]
    [InlineData("[0, \"Bad/Zone\"]", "eval_builtin_error: unknown time zone Bad/Zone")]
    [InlineData("[0, \"../../etc/passwd\"]", "eval_builtin_error: unknown time zone ../../etc/passwd")]
    [InlineData("[]", "eval_type_error: operand 1 must be either number (ns) or [number (ns), string (tz)] but got array")]
    public void Date_BadOperand_Fails(string operand, string expected) => Assert.Equal(expected, JsonCall.Run("time.date", operand));
}
