using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ToolGateway.FunctionalTests.Mcp;
using ToolGateway.Host;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Documentation;

/// <summary>The commands that pages show, run by a shell where a gateway has run, with the names that the pages use.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Commands_OfEveryPage_Run()
    {
        await using var fixture = await StoppedGatewayAsync();
        await WriteExampleAsync(fixture);
        Copy(fixture.PolicyDirectory, Path.Combine(fixture.Directory, "candidate"));
        var decision = await PrepareLogAsync(fixture);
        var commands = ShellLines.Of(nameof(Commands_OfEveryPage_Run));

        Assert.True(commands.Length >= 12);
        foreach (var command in commands.Where(static command => !AsksAGateway(command)))
            await RunAsync(fixture, command.Replace("01a20299…", decision, StringComparison.Ordinal));
        await RunInlineAsync(fixture, decision);

        var asking = commands.Where(AsksAGateway).ToArray();
        Assert.NotEmpty(asking);
        var shown = Pages.Blocks("docs/platform.md", "json").Single(static block => block.Contains("Shadow", StringComparison.Ordinal));
        fixture.Configuration["Decisions"]!["Shadow"] = JsonNode.Parse($"{{{shown}}}")!["Decisions"]!["Shadow"]!.DeepClone();
        fixture.WriteConfiguration();
        await fixture.RestartAsync();
        foreach (var command in asking)
            await RunAsync(fixture, command.Replace("127.0.0.1:8082", $"127.0.0.1:{fixture.AdministrationPort}", StringComparison.Ordinal));
    }

    /// <summary>Commands in running text that are there with all that they need.</summary>
    private static async Task RunInlineAsync(GatewayFixture fixture, string decision)
    {
        var commands = Pages.All.SelectMany(Pages.InlineCommands).Where(IsWhole).Distinct(StringComparer.Ordinal).ToArray();
        Assert.True(commands.Length >= 4);
        await using var server = await SdkServer.StartAsync(withSessions: false);
        fixture.Configuration["Tools"]!["files"] = JsonNode.Parse($$"""
            { "Protocol": "mcp", "Upstream": "{{server.Url}}", "Owner": "team-files@acme.test", "Actions": { "read_file": { "Risk": "low", "Effect": "read" } }, "Mcp": { "PinPath": "pins.json" } }
            """);
        fixture.WriteConfiguration();
        foreach (var command in commands)
            await RunAsync(fixture, $"toolgateway {command.Replace("AUDIT", "audit", StringComparison.Ordinal).Replace(" ID", $" {decision}", StringComparison.Ordinal)}");
        Assert.True(File.Exists(Path.Combine(fixture.Directory, "pins.json")));
        fixture.Configuration["Tools"]!.AsObject().Remove("files");
        fixture.WriteConfiguration();
    }

    private static bool IsWhole(string command)
    {
        var result = ToolGatewayCommand.Create().Parse(command);
        return result.Errors.Count == 0 && result.Tokens.Any(static token => token.Type is TokenType.Argument or TokenType.Option);
    }

    private static bool AsksAGateway(string command) => command.StartsWith("toolgateway policy diff", StringComparison.Ordinal);

    private static async Task RunAsync(GatewayFixture fixture, string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"toolgateway() {{ exec \"$HOST\" \"$TOOL\" \"$@\"; }}; {command}"])
        {
            WorkingDirectory = fixture.Directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOST"] = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        start.Environment["TOOL"] = Path.Combine(AppContext.BaseDirectory, "toolgateway.dll");
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        try
        {
            if (command.Contains(" serve ", StringComparison.Ordinal))
            {
                await ReadyAsync(fixture, process);
                await TerminateAsync(process);
            }
            else if (command.Contains("--follow", StringComparison.Ordinal))
            {
                Assert.NotNull(await process.StandardOutput.ReadLineAsync(timeout.Token));
                await TerminateAsync(process);
            }

            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            Assert.True(process.ExitCode == 0, $"{command}\nexits with {process.ExitCode}\n{output}\n{await error}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    /// <summary>The candidate that pages name: what decides, under another name.</summary>
    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static async Task TerminateAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private static async Task ReadyAsync(GatewayFixture fixture, Process process)
    {
        using var probes = new HttpClient();
        var said = "";
        for (var deadline = Environment.TickCount64 + 60_000; !process.HasExited; await Task.Delay(20))
        {
            try
            {
                using var answer = await probes.GetAsync(new Uri($"http://127.0.0.1:{fixture.ProbesPort}/readyz"));
                if (answer.IsSuccessStatusCode)
                    return;
                said = await answer.Content.ReadAsStringAsync();
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            Assert.True(Environment.TickCount64 < deadline, $"the gateway is not ready: {said}");
        }
    }

    private static async Task<GatewayFixture> StoppedGatewayAsync()
    {
        var fixture = await GatewayFixture.StartAsync();
        using var certificate = fixture.AgentCertificate("support");
        using var agent = fixture.Client(certificate);
        foreach (var (path, status) in new[] { ("/tools/crm/customers/42", HttpStatusCode.OK), ("/tools/crm/customers", HttpStatusCode.Forbidden) })
        {
            using var response = await agent.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(status, response.StatusCode);
        }

        await fixture.StopAsync();
        return fixture;
    }

    /// <summary>The worked example of policies/README.md: a rule, its test, and a call to evaluate.</summary>
    private static async Task WriteExampleAsync(GatewayFixture fixture)
    {
        var blocks = Pages.Blocks("policies/README.md", "rego").ToArray();
        var rule = Assert.Single(blocks, static block => block.Contains("reasons contains \"review_overdue\"", StringComparison.Ordinal));
        var test = Assert.Single(blocks, static block => block.StartsWith("package toolgateway_test", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(fixture.PolicyDirectory, "toolgateway", "review.rego"), rule);
        await File.WriteAllTextAsync(Path.Combine(fixture.PolicyDirectory, "toolgateway", "review_test.rego"), test);
        await File.WriteAllTextAsync(Path.Combine(fixture.Directory, "call.json"), """{ "subject": { "type": "agent", "properties": { "name": "support" } } }""");
    }

    /// <summary>Copies the key and the last checkpoint out of the log, as the page advises, and gives the id of a decision.</summary>
    private static async Task<string> PrepareLogAsync(GatewayFixture fixture)
    {
        var files = Directory.EnumerateFiles(fixture.AuditDirectory, "*", SearchOption.AllDirectories).ToArray();
        File.Copy(files.Single(static file => file.EndsWith(".public.pem", StringComparison.Ordinal)), Path.Combine(fixture.Directory, "audit.public.pem"));
        var records = (await Task.WhenAll(files.Where(static file => file.EndsWith(".jsonl", StringComparison.Ordinal)).Select(static file => File.ReadAllLinesAsync(file))))
            .SelectMany(static lines => lines).Select(static line => JsonNode.Parse(line)!).ToArray();
        File.Copy(files.Single(static file => Path.GetFileName(file) == "checkpoint.json"), Path.Combine(fixture.Directory, "checkpoint.json"));
        return records.First(static record => record["type"]!.GetValue<string>() == "decision")["decision_id"]!.GetValue<string>();
    }
}
