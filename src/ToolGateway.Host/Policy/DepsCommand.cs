using System.CommandLine;
using ToolGateway.Rego.Values;

namespace ToolGateway.Host.Policy;

/// <summary><c>toolgateway policy deps</c>: the facts that a policy can read, and whether its answers can be reused.</summary>
internal static class DepsCommand
{
    public static Command Create()
    {
        var query = new Argument<string>("QUERY") { Description = "A document", DefaultValueFactory = _ => "data.toolgateway.decision" };
        var data = PolicyOptions.Data();
        var format = PolicyOptions.Format("pretty", "json");
        var command = new Command("deps", "List the input paths that a document can read.") { query, data, format };
        command.SetAction(result =>
        {
            var console = result.InvocationConfiguration;
            var set = PolicySet.Read(result.GetValue(data) ?? []);
            if (!set.Report(console.Error))
                return ExitCodes.Fault;
            var preparation = set.Policy!.Prepare(result.GetRequiredValue(query));
            if (preparation.Query is not { } prepared)
                return new EvalOutput(result.GetRequiredValue(format), console.Output).Fail(preparation.Errors, [], set.Files.Sources, console.Error);
            if (result.GetValue(format) == "json")
                console.Output.WriteLine(JsonIndent.Format(Json(prepared.InputPaths, prepared.NondeterministicBuiltins).ToJson()));
            else
                Write(prepared.InputPaths, prepared.NondeterministicBuiltins, console.Output);
            return ExitCodes.Success;
        });
        return command;
    }

    private static RegoObject Json(IEnumerable<string> paths, IEnumerable<string> builtins) => JsonObject.Of(
        ("input", RegoArray.From(paths.Select(JsonObject.Text))),
        ("nondeterministic", RegoArray.From(builtins.Select(JsonObject.Text))));

    private static void Write(IReadOnlyList<string> paths, IReadOnlyList<string> builtins, TextWriter output)
    {
        foreach (var path in paths)
            output.WriteLine(path.Length == 0 ? "(the whole input)" : $"input{path}");
        if (builtins.Count > 0)
            output.WriteLine($"never reused, because it calls {string.Join(", ", builtins)}");
    }
}
