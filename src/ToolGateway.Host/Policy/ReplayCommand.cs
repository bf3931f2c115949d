using System.CommandLine;
using System.Text.Json;
using ToolGateway.Audit.Reading;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Host.Audit;
using ToolGateway.Host.Policy.Replay;

namespace ToolGateway.Host.Policy;

/// <summary>
/// <c>toolgateway policy replay</c>: 0 when every replayed call would be decided the same, 1 when one would not or none could be replayed, 2 when log or policy cannot be used.
/// </summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var audit = new Option<string>("--audit") { Description = "Directory of the audit log, or one segment of it", Required = true };
        var policies = new Option<string[]>("--policies") { Description = "Directory, bundle (signatures are not verified here) or file with the policy; may be repeated", Required = true };
        var each = new Option<bool>("--each") { Description = "Also print each call that would be decided otherwise or is left out, as it is found; with --format json one a line" };
        var filters = new FilterOptions();
        var format = AuditOptionsOf.Format();
        var command = new Command("replay", "Decide the calls of an audit log again, with another policy, and list what would change.") { audit, policies, each, format };
        filters.AddTo(command);
        command.SetAction(result =>
        {
            var console = result.InvocationConfiguration;
            if (Policy(result.GetRequiredValue(policies), console.Error) is not { } policy)
                return ExitCodes.Usage;
            var json = result.GetValue(format) == "json";
            var printer = new ReplayPrinter(console.Output, json);
            var replayer = new Replayer(policy.Decision, policy.Revision, filters.Of(result), result.GetValue(each) ? printer.Each : static (_, _, _) => { });
            if (!Read(result.GetRequiredValue(audit), replayer, console.Error))
                return ExitCodes.Usage;
            var report = replayer.Report();
            if (json)
                console.Output.WriteLine(JsonSerializer.Serialize(report, result.GetValue(each) ? ShadowReport.JsonLine : ShadowReport.Json));
            else
                printer.Print(report);
            return report.Changed > 0 || (report.Replayed == 0 && report.NotReplayed > 0) ? ExitCodes.Fault : ExitCodes.Success;
        });
        return command;
    }

    private static (EntryPoint Decision, string Revision)? Policy(string[] paths, TextWriter error)
    {
        var set = PolicySet.Read(paths);
        if (!set.Report(error))
            return null;
        var decision = EntryPoint.Prepare(set.Policy!, "toolgateway/decision", error.WriteLine);
        if (decision is null)
            return null;
        if (set.Policy!.Packages.Contains("data.toolgateway"))
            return (decision, set.Files.Revision);
        error.WriteLine($"{string.Join(", ", paths)}: there is no package toolgateway, whose document decision the gateway asks for");
        return null;
    }

    private static bool Read(string path, Replayer replayer, TextWriter error)
    {
        if (!Directory.Exists(path) && !File.Exists(path))
        {
            error.WriteLine($"{path} does not exist; give the directory of an audit log");
            return false;
        }

        try
        {
            using var cursor = new LogCursor(path);
            while (cursor.TryRead(out var line))
                replayer.Take(line);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{path} cannot be read: {e.Message}");
            return false;
        }
    }
}
