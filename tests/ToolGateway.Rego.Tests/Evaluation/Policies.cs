using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Evaluation;

/// <summary>Short ways to compile and evaluate in tests.</summary>
internal static class Policies
{
    public static RegoEvaluationOptions Options { get; } = new(RegoLimits.Tooling);

    public static RegoPolicy Compile(params string[] modules) => Compile(RegoObject.Empty, modules);

    public static RegoPolicy Compile(RegoObject data, params string[] modules)
    {
        var compilation = new RegoCompiler().Compile(modules.Select(static (text, i) => new RegoSource($"m{i}.rego", text)), data);
        Assert.Empty(compilation.Errors);
        return compilation.Policy!;
    }

    public static IReadOnlyList<RegoError> Errors(params string[] modules) =>
        new RegoCompiler().Compile(modules.Select(static (text, i) => new RegoSource($"m{i}.rego", text))).Errors;

    public static RegoObject Object(string json) => (RegoObject)RegoJson.Parse(json);

    public static PreparedQuery Prepare(this RegoPolicy policy, bool entryPoint, string query)
    {
        var preparation = entryPoint ? policy.PrepareEntryPoint(query) : policy.Prepare(query);
        Assert.Empty(preparation.Errors);
        return preparation.Query!;
    }

    public static RegoResult Run(this RegoPolicy policy, string query, string? input = null, RegoEvaluationOptions? options = null) =>
        policy.Prepare(entryPoint: false, query).Evaluate(input is null ? null : RegoJson.Parse(input), options ?? Options);

    /// <summary>The JSON of a document, or <c>undefined</c>, or the error's code.</summary>
    public static string Document(this RegoPolicy policy, string path, string? input = null, RegoEvaluationOptions? options = null)
    {
        var result = policy.Prepare(entryPoint: true, path).Evaluate(input is null ? null : RegoJson.Parse(input), options ?? Options);
        return result.Error?.Code ?? result.Value?.ToJson() ?? "undefined";
    }
}
