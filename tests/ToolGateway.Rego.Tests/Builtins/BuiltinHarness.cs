using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Builtins;

/// <summary>Calls built-ins directly, with operands written as JSON.</summary>
internal static class BuiltinHarness
{
    // The limits of a decision, but without its second: a loaded machine must not turn a step limit into a timeout.
    private static readonly RegoLimits Limits = RegoLimits.Decision with { Timeout = TimeSpan.FromMinutes(1) };

    public static BuiltinContext NewContext(RegoLimits? limits = null) =>
        new(new EvaluationBudget(limits ?? Limits, TimeProvider.System, CancellationToken.None));

    public static RegoValue? Call(BuiltinContext context, string name, params RegoValue[] args)
    {
        var builtin = BuiltinRegistry.All[name];
        Assert.Equal(builtin.Arguments.Count, args.Length);
        return builtin.Function(context, args);
    }

    /// <summary>The result as JSON, or <c>undefined</c>, or <c>code: message</c> of the failure that was noted.</summary>
    public static string Run(string name, params string[] jsonArgs) => Run(name, Array.ConvertAll(jsonArgs, RegoJson.Parse));

    public static string Run(string name, params RegoValue[] args)
    {
        var context = NewContext();
        var result = Call(context, name, args);
        if (result is not null)
            return result.ToJson();
        return context.ErrorCode is null ? "undefined" : $"{context.ErrorCode}: {context.ErrorMessage}";
    }

    public static RegoSet Set(string jsonArray) => RegoSet.From((RegoArray)RegoJson.Parse(jsonArray));

    /// <summary>The call ends in a limit, at once.</summary>
    public static void AssertLimited(string name, params RegoValue[] args)
    {
        var halt = Assert.Throws<RegoHaltException>(() => Call(NewContext(), name, args));
        Assert.Equal(RegoErrorCodes.LimitExceeded, halt.Code);
    }
}
