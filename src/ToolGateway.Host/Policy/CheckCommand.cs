using System.CommandLine;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Rego;
using ToolGateway.Rego.Limits;

namespace ToolGateway.Host.Policy;

/// <summary><c>toolgateway policy check</c></summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var paths = PolicyOptions.Paths();
        var strict = new Option<bool>("--strict", "-S") { Description = "Unused variables, arguments and imports are errors" };
        var format = PolicyOptions.Format("pretty", "json");
        var command = new Command("check", "Compile policies, and check that package toolgateway keeps the gateway's contract.") { paths, strict, format };
        command.SetAction(result => Run(
            PolicySet.Read(result.GetRequiredValue(paths), RegoCompilerOptions.Default with { IsStrict = result.GetValue(strict), MaxErrors = 100 }),
            result.GetValue(format) == "json",
            result.InvocationConfiguration));
        return command;
    }

    private static int Run(PolicySet set, bool json, InvocationConfiguration console)
    {
        var problems = set.Problems.ToList();
        if (set is { Policy: { } policy, IsSound: true } && policy.Packages.Contains("data.toolgateway"))
            CheckContract(set, policy, problems.Add);
        set = set with { Problems = problems };
        if (json)
            console.Output.WriteLine(JsonIndent.Format(ErrorJson.Of(set.Errors, problems).ToJson()));
        else if (set.Report(console.Error))
            console.Output.WriteLine($"{set.Files.Sources.Count} module(s), no errors");
        return set.IsSound ? ExitCodes.Success : ExitCodes.Fault;
    }

    private static void CheckContract(PolicySet set, RegoPolicy policy, Action<string> report)
    {
        var evaluation = new RegoEvaluationOptions(RegoLimits.Tooling) { StrictBuiltinErrors = true };
        if (EntryPoint.Prepare(policy, "toolgateway/decision", report) is { } decision && EntryPoint.Prepare(policy, "toolgateway/visible", report) is { } visible)
            PolicyShape.Check(decision, visible, evaluation, set.Files, report);
    }
}
