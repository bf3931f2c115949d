using System.Globalization;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Conformance;

/// <summary>Runs one case through the public API and says why it fails, or null.</summary>
public static class CaseRunner
{
    private const string InputVariable = "input_term";

    private static readonly RegoLimits Limits = RegoLimits.Tooling with { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>OPA's runner offers its cases one function of its own.</summary>
    private static readonly RegoCompilerOptions CompilerOptions = new() { Functions = [new RegoFunction("test.sleep(duration:string) -> null", Sleep, IsDeterministic: true)] };

    public static string? Run(ConformanceCase @case)
    {
        var sources = @case.Modules.Select(static (text, index) => new RegoSource($"test-{index}.rego", text));
        var compilation = new RegoCompiler(CompilerOptions).Compile(sources, @case.Data);
        if (compilation.Policy is not { } policy)
            return JudgeErrors(@case, compilation.Errors);
        var preparation = policy.Prepare(@case.Query);
        if (preparation.Query is not { } query)
            return JudgeErrors(@case, preparation.Errors);
        var input = @case.Input;
        if (@case.InputTerm is { } term && EvaluateTerm(term, out input) is { } wrong)
            return wrong;
        return Judge(@case, query.Evaluate(input, Options(@case)));
    }

    private static RegoEvaluationOptions Options(ConformanceCase @case) => new(Limits)
    {
        StrictBuiltinErrors = @case.StrictError,
        Runtime = @case.Env.Count == 0 ? RegoObject.Empty : RegoObject.From(
        [
            KeyValuePair.Create<RegoValue, RegoValue>(new RegoString("env"), RegoObject.From(@case.Env.Select(static pair =>
                KeyValuePair.Create<RegoValue, RegoValue>(new RegoString(pair.Key), new RegoString(pair.Value))))),
        ]),
    };

    /// <summary>An input may be written as a Rego term, because JSON has no sets.</summary>
    private static string? EvaluateTerm(string term, out RegoValue? value)
    {
        value = null;
        var preparation = new RegoCompiler().Compile([]).Policy!.Prepare($"{InputVariable} = {term}");
        if (preparation.Query is null)
            return $"input_term: {string.Join("; ", preparation.Errors)}";
        var result = preparation.Query.Evaluate((RegoValue?)null, new RegoEvaluationOptions(Limits));
        return result.Bindings is [var binding] && binding.TryGetValue(new RegoString(InputVariable), out value) ? null : $"input_term: {result.Error}";
    }

    private static string? Judge(ConformanceCase @case, RegoResult result)
    {
        if (result.Error is not null)
            return JudgeErrors(@case, [result.Error]);
        if (@case.WantsError)
            return $"want error {@case.WantErrorCode} {@case.WantError}, got {RegoSet.From(result.Bindings).ToJson()}";
        if (@case.WantResult is not null)
            return Bindings.Difference(@case, result.Bindings);
        if (@case.WantDefined is { } defined && defined != result.Bindings.Count > 0)
            return $"want defined {defined}, got {result.Bindings.Count} results";
        return null;
    }

    private static string? JudgeErrors(ConformanceCase @case, IReadOnlyList<RegoError> errors)
    {
        var text = string.Join("\n", errors.Select(Describe));
        if (!@case.WantsError)
            return $"unexpected error {text}";
        if (@case.WantErrorCode is { } code && !errors.Any(error => error.Code == code))
            return $"want error code {code}, got {text}";
        return @case.WantError is { } want && !text.Contains(want, StringComparison.Ordinal) ? $"want error '{want}', got {text}" : null;
    }

    private static RegoNull Sleep(IReadOnlyList<RegoValue> arguments)
    {
        Thread.Sleep(int.Parse(((RegoString)arguments[0]).Value.Replace("ms", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));
        return RegoNull.Value;
    }

    /// <summary>OPA's text of an error has no column.</summary>
    private static string Describe(RegoError error) =>
        error.Location is { } place ? $"{place.File}:{place.Row}: {error.Code}: {error.Message}" : error.ToString();
}
