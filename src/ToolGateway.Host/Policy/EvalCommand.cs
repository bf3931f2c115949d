using System.CommandLine;
using System.Text.Json;
using ToolGateway.Rego;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Host.Policy;

/// <summary><c>toolgateway policy eval</c>: the same JSON as <c>opa eval</c>.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var query = new Argument<string>("QUERY") { Description = "Such as data.toolgateway.decision" };
        var data = PolicyOptions.Data();
        var input = PolicyOptions.Input();
        var format = PolicyOptions.Format("json", "pretty", "raw");
        var explain = new Option<bool>("--explain") { Description = "Show every step of the evaluation on standard error" };
        var strict = new Option<bool>("--strict-builtin-errors") { Description = "A failing built-in is an error, as when the gateway decides" };
        var command = new Command("eval", "Evaluate a query.") { query, data, input, format, explain, strict };
        command.SetAction(result =>
        {
            var console = result.InvocationConfiguration;
            var set = PolicySet.Read(result.GetValue(data) ?? []);
            var output = new EvalOutput(result.GetRequiredValue(format), console.Output);
            if (!set.IsSound)
                return output.Fail(set.Errors, set.Problems, set.Files.Sources, console.Error);
            if (!InputFile.TryRead(result.GetValue(input), console.Error, out var value))
                return ExitCodes.Usage;
            var text = result.GetRequiredValue(query);
            var preparation = set.Policy!.Prepare(text);
            if (preparation.Query is not { } prepared)
                return output.Fail(preparation.Errors, [], [.. set.Files.Sources, new RegoSource("", text)], console.Error);
            var evaluation = new RegoEvaluationOptions(RegoLimits.Tooling)
            {
                StrictBuiltinErrors = result.GetValue(strict),
                Print = console.Error.WriteLine,
                Trace = result.GetValue(explain) ? new TraceWriter(console.Error) : null,
            };
            var answer = prepared.Evaluate(value, evaluation);
            return answer.Error is { } error
                ? output.Fail([error], [], set.Files.Sources, console.Error)
                : output.Write(prepared, answer);
        });
        return command;
    }
}

/// <summary>Reads the file of <c>--input</c>.</summary>
internal static class InputFile
{
    /// <summary>The input, null without a file. False, with a message, when it cannot be used.</summary>
    public static bool TryRead(string? path, TextWriter error, out RegoValue? input)
    {
        input = null;
        if (path is null)
            return true;
        try
        {
            input = path == "-" ? RegoJson.Parse(Console.In.ReadToEnd()) : RegoJson.Parse(File.ReadAllBytes(path));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            error.WriteLine($"{path}: {(e is JsonException ? "not JSON: " : "")}{e.Message}");
            return false;
        }
    }
}
