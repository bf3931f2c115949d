using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using ToolGateway.Rego.Values;
using static ToolGateway.Rego.Tests.Builtins.BuiltinHarness;

namespace ToolGateway.Rego.Tests.Builtins;

public class ArithmeticTests
{
    [Theory]
    [InlineData("plus", "1", "2", "3")]
    [InlineData("plus", "9223372036854775807", "1", "9223372036854775808")]
    [InlineData("plus", "0.1", "0.2", "0.3")]
    [InlineData("plus", "1.0", "0", "1")]
    [InlineData("plus", "10", "1e3", "1010")]
    [InlineData("plus", "123456789012345678901234567890", "1", "123456789012345678901234567891")]
    [InlineData("plus", "123456789012345678901234567890", "0.5", "123456789012345678900000000000")]
    [InlineData("minus", "-9223372036854775808", "1", "-9223372036854775809")]
    [InlineData("minus", "0.2", "0.2", "0")]
    [InlineData("mul", "9223372036854775807", "2", "18446744073709551614")]
    [InlineData("mul", "-1", "1e-7", "-1e-07")]
    [InlineData("div", "6", "3", "2")]
    [InlineData("div", "1", "8", "0.125")]
    [InlineData("div", "-9223372036854775808", "-1", "9223372036854775808")]
    [InlineData("div", "1", "0.0", "eval_builtin_error: divide by zero")]
    [InlineData("rem", "-7", "3", "-1")]
    [InlineData("rem", "10", "18446744073709551616", "10")]
    [InlineData("rem", "1", "0", "eval_builtin_error: modulo by zero")]
    [InlineData("rem", "1.5", "1", "eval_builtin_error: modulo on floating-point number")]
    [InlineData("plus", "1e1000000000", "0.5", "eval_builtin_error: number too big")]
    [InlineData("plus", "1", "\"x\"", "eval_type_error: operand 2 must be number but got string")]
    public void Binary_Operands_GiveWhatOpaGives(string name, string x, string y, string expected) => Assert.Equal(expected, Run(name, x, y));

    [Theory]
    [InlineData("abs", "-5", "5")]
    [InlineData("abs", "-0.5", "0.5")]
    [InlineData("round", "2.5", "3")]
    [InlineData("round", "-2.5", "-3")]
    [InlineData("round", "-0.2", "0")]
    [InlineData("ceil", "1.2", "2")]
    [InlineData("ceil", "-1.2", "-1")]
    [InlineData("ceil", "-0.5", "1")]
    [InlineData("floor", "-1.2", "-2")]
    [InlineData("floor", "-0.5", "0")]
    [InlineData("floor", "123456789012345678901234567890", "123456789012345678899921813504")]
    public void Unary_Operand_GivesWhatOpaGives(string name, string x, string expected) => Assert.Equal(expected, Run(name, x));

    [Fact]
    public void Minus_Sets_IsDifference() =>
        Assert.Equal("[1]", Run("minus", Set("[1,2]"), Set("[2,3]")));

    [Fact]
    public void Minus_SetAndNumber_NamesTheSecondOperand() =>
        Assert.Equal("eval_type_error: operand 2 must be set but got number", Run("minus", Set("[1]"), RegoNumber.Of(1)));

    [Fact]
    public void Multiply_RepeatedSquaring_EndsAtALimit()
    {
        var context = NewContext();
        RegoValue value = RegoNumber.Parse("9" + new string('0', 1000));
        Assert.Throws<ToolGateway.Rego.Limits.RegoHaltException>(() =>
        {
            for (var i = 0; i < 40; i++)
                value = Call(context, "mul", value, value)!;
        });
    }

    [Fact]
    public void PlusTimesMinus_AnyIntegers_AreExact() =>
        Prop.ForAll(ArbMap.Default.ArbFor<BigInteger>(), ArbMap.Default.ArbFor<BigInteger>(), (a, b) =>
        {
            a *= a * a;
            return Run("plus", Text(a), Text(b)) == Text(a + b) && Run("minus", Text(a), Text(b)) == Text(a - b) && Run("mul", Text(a), Text(b)) == Text(a * b);
        }).QuickCheckThrowOnFailure();

    private static string Text(BigInteger value) => value.ToString(CultureInfo.InvariantCulture);
}
