using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Values;

public class RegoNumberTests
{
    [Theory]
    [InlineData("1", "1.0", 0)]
    [InlineData("1e3", "1000", 0)]
    [InlineData("-0", "0", 0)]
    [InlineData("0.0", "0e99", 0)]
    [InlineData("0.1", "0.10", 0)]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567891", -1)]
    [InlineData("-123456789012345678901234567890", "-123456789012345678901234567891", 1)]
    [InlineData("1e1000000000", "1e999999999", 1)]
    [InlineData("1e99999999999999999999", "9", 1)]
    [InlineData("1e-99999999999999999999", "0", 1)]
    [InlineData("9007199254740993", "9007199254740992.5", 1)]
    [InlineData("-2", "1e-5", -1)]
    [InlineData("12", "1.2", 1)]
    public void Compare_TwoTexts_OrdersByValueAndHashesAlike(string a, string b, int expected)
    {
        var x = RegoNumber.Parse(a);
        var y = RegoNumber.Parse(b);
        Assert.Equal(expected, Math.Sign(x.CompareTo(y)));
        Assert.Equal(-expected, Math.Sign(y.CompareTo(x)));
        Assert.Equal(expected == 0, x.Equals(y));
        if (expected == 0)
            Assert.Equal(x.GetHashCode(), y.GetHashCode());
    }

    [Theory]
    [InlineData("2.0", true, 2)]
    [InlineData("25e-1", false, 0)]
    [InlineData("9223372036854775807", true, long.MaxValue)]
    [InlineData("-9223372036854775808.0", true, long.MinValue)]
    [InlineData("9223372036854775808", false, 0)]
    [InlineData("1e1000000000", false, 0)]
    public void TryGetInt64_Text_GivesExactIntegersOnly(string text, bool expected, long value)
    {
        Assert.Equal(expected, RegoNumber.Parse(text).TryGetInt64(out var actual));
        if (expected)
            Assert.Equal(value, actual);
    }

    [Fact]
    public void TryGetBigInteger_ExponentBomb_RefusesAtOnce() => Assert.False(RegoNumber.Parse("1e1000000000").TryGetBigInteger(out _));

    [Fact]
    public void TryGetFloat_ExponentBomb_RefusesAtOnce() => Assert.False(RegoNumber.Parse("1e-1000000000").TryGetFloat(out _));

    [Theory]
    [InlineData("0.1", "0.1")]
    [InlineData("1e-7", "1e-07")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0.00001", "1e-05")]
    [InlineData("123456.5", "123456.5")]
    [InlineData("1234567.5", "1.2345675e+06")]
    [InlineData("1e21", "1000000000000000000000")]
    [InlineData("123456789012345678901234567890", "123456789012345678900000000000")]
    [InlineData("0.30000000000000004", "0.30000000000000004")]
    [InlineData("-0", "-0")]
    [InlineData("100.0", "100")]
    public void Shortest_FloatOfText_IsTheShortestThatReadsBack(string text, string expected)
    {
        Assert.True(RegoNumber.Parse(text).TryGetFloat(out var value));
        Assert.Equal(expected, BigFloatText.Shortest(value));
    }

    [Fact]
    public void Shortest_AnyDouble_ReadsBackAsTheSameFloat() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NormalFloat>(), d =>
        {
            var number = RegoNumber.Parse(d.Get.ToString("R", CultureInfo.InvariantCulture));
            Assert.True(number.TryGetFloat(out var value));
            Assert.True(RegoNumber.Parse(BigFloatText.Shortest(value)).TryGetFloat(out var again));
            return BigFloat.Subtract(value, again).IsZero;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Compare_AnyDoubles_AgreesWithDoubles() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NormalFloat>(), ArbMap.Default.ArbFor<NormalFloat>(), (a, b) =>
            Math.Sign(a.Get.CompareTo(b.Get)) == Math.Sign(Number(a.Get).CompareTo(Number(b.Get)))).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_AnyInteger_EqualsItsTextWithFraction() =>
        Prop.ForAll(ArbMap.Default.ArbFor<BigInteger>(), i =>
        {
            var written = RegoNumber.Parse(i.ToString(CultureInfo.InvariantCulture) + ".0");
            return written.Equals(RegoNumber.Of(i)) && written.GetHashCode() == RegoNumber.Of(i).GetHashCode();
        }).QuickCheckThrowOnFailure();

    private static RegoNumber Number(double value) => RegoNumber.Parse(value.ToString("R", CultureInfo.InvariantCulture));
}
