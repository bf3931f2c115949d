using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Builtins;

/// <summary>Calls a built-in with operands given as JSON.</summary>
internal static class JsonCall
{
    public static BuiltinContext Context(RegoLimits? limits = null) =>
        new(new EvaluationBudget(limits ?? RegoLimits.Tooling, TimeProvider.System, CancellationToken.None));

    /// <summary>The result as JSON, or "code: message" of the failure.</summary>
    public static string Run(string name, params string[] operands) => Run(Context(), name, operands);

    public static string Run(BuiltinContext context, string name, params string[] operands)
    {
        var result = BuiltinRegistry.All[name].Function(context, [.. operands.Select(RegoJson.Parse)]);
        return result is null ? $"{context.ErrorCode}: {context.ErrorMessage}" : result.ToJson();
    }

    /// <summary>Calls with string operands.</summary>
    public static string Text(string name, params string[] operands)
    {
        var context = Context();
        var result = BuiltinRegistry.All[name].Function(context, [.. operands.Select(text => new RegoString(text))]);
        return result is null ? $"{context.ErrorCode}: {context.ErrorMessage}" : result.ToJson();
    }
}
