using System.Diagnostics;
using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Builtins;

public sealed class HostileOperandTests
{
    private static readonly string[] Parts = ["a", ".", "(", "{", "[", "1", "\\", "é", "%", "-----BEGIN A-----\n", "*"];

    public static TheoryData<string> Names => [.. BuiltinRegistry.All.Keys.Order(StringComparer.Ordinal)];

    // Whatever a built-in is given, it answers, notes a failure, or ends the evaluation by a limit; and soon.
    [Theory]
    [MemberData(nameof(Names))]
    public void Call_HugeOrOddOperands_EndsWithinTheLimits(string name)
    {
        var builtin = BuiltinRegistry.All[name];
        foreach (var operand in Operands())
        {
            var context = JsonCall.Context(RegoLimits.Decision);
            var started = Stopwatch.GetTimestamp();
            try
            {
                var result = builtin.Function(context, [.. builtin.Arguments.Select(_ => operand)]);
                Assert.True(result is not null || context.ErrorCode is null || context.ErrorMessage is not null);
            }
            catch (RegoHaltException halt)
            {
                Assert.Contains(halt.Code, new[] { RegoErrorCodes.LimitExceeded, RegoErrorCodes.EvalCancel });
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), $"{name} took {Stopwatch.GetElapsedTime(started)}");
        }
    }

    [Theory]
    [InlineData("units.parse")]
    [InlineData("units.parse_bytes")]
    public void Call_AmountOfManyDigits_IsCountedBeforeItIsRead(string name) =>
        Assert.Equal(
            RegoErrorCodes.LimitExceeded,
            Assert.Throws<RegoHaltException>(() => BuiltinRegistry.All[name].Function(JsonCall.Context(RegoLimits.Decision), [new RegoString(new string('7', 300_000))])).Code);

    private static IEnumerable<RegoValue> Operands()
    {
        foreach (var part in Parts)
            yield return new RegoString(string.Concat(Enumerable.Repeat(part, 100_000 / part.Length)));
        yield return RegoNumber.Of(long.MaxValue);
        yield return RegoNumber.Of(long.MinValue);
        yield return RegoNumber.Parse("1e400");
        yield return RegoNumber.Parse("-1.5");
        yield return RegoString.Empty;
        yield return RegoNull.Value;
        yield return RegoArray.Of(RegoArray.Empty, RegoObject.Empty, RegoNull.Value);
        yield return RegoJson.Parse("""{"a": {"a": ["a", {"keys": []}]}, "keys": [{"kty": "RSA", "n": "AA", "e": "AQAB"}], "url": "%", "method": 1}""");
        yield return RegoSet.From([RegoString.Empty, RegoNumber.Of(1), RegoSet.Empty]);
    }
}
