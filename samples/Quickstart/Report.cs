using Spectre.Console;

namespace ToolGateway.Quickstart;

/// <summary>What a person sees.</summary>
internal static class Report
{
    private const int Width = 165;

    public static void Calls(IReadOnlyList<Answer> answers)
    {
        // A pipe has no width of its own, and the default would break every line.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = Width;
        var table = new Table().Border(TableBorder.Simple).AddColumns("call", "status", "reasons", "total ms");
        table.AddColumn("identify / classify / decide / record, tool: ms");
        foreach (var answer in answers)
        {
            table.AddRow(
                answer.Step.Title.EscapeMarkup(),
                Status(answer),
                (answer.Reason ?? "").EscapeMarkup(),
                $"{answer.Elapsed.TotalMilliseconds:0.0}",
                Timing(answer.Timing));
        }

        AnsiConsole.Write(table);
        foreach (var answer in answers.Where(answer => !answer.IsExpected))
        {
            AnsiConsole.MarkupLineInterpolated(
                $"[red]not as expected:[/] '{answer.Step.Title}' should be {(int)answer.Step.Expected} {answer.Step.ExpectedReason}");
        }
    }

    public static void Try(Workspace workspace)
    {
        var files = $"--cacert {workspace.Directory}/ca.pem";
        var certificate = $"--cert {workspace.Directory}/support.pem --key {workspace.Directory}/support.key";
        var token = $"-H \"Authorization: Bearer $(cat {workspace.Directory}/support.token)\"";
        Console.WriteLine("Try it yourself (Ctrl+C ends everything):");
        Console.WriteLine();
        Console.WriteLine($"  curl {files} {certificate} {workspace.Url}/tools/crm/customers/42");
        Console.WriteLine($"  curl {files} {token} {workspace.Url}/tools/crm/customers/42");
        Console.WriteLine($"  curl {files} {certificate} {token} -d '{{\"order\":\"A-17\",\"amount\":4000}}' -H 'Content-Type: application/json' {workspace.Url}/tools/crm/refunds");
        Console.WriteLine($"  curl http://127.0.0.1:{workspace.ProbesPort}/readyz");
        Console.WriteLine();
        Console.WriteLine($"Policy and grants, in effect half a second after you save them: {workspace.Directory}/policies");
        Console.WriteLine($"Configuration: {workspace.ConfigurationFile}");
        Console.WriteLine($"Audit log: {workspace.AuditDirectory}");
    }

    private static string Status(Answer answer)
    {
        var colour = !answer.IsExpected ? "red" : (int)answer.Status < 300 ? "green" : "yellow";
        return $"[{colour}]{(int)answer.Status}[/]";
    }

    private static string Timing(string? header)
    {
        if (header is null)
            return "";
        var parts = header.Split(',', StringSplitOptions.TrimEntries)
            .Select(part => part.Split(";dur="))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        string Of(string stage) => parts.GetValueOrDefault(stage, "–");
        return $"{Of("identify")} / {Of("classify")} / {Of("decide")} / {Of("record")}, {Of("upstream")}";
    }
}
