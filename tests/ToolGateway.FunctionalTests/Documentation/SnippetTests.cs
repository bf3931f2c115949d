using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using ToolGateway.FunctionalTests.Samples;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Documentation;

/// <summary>The examples of docs/agents.md as they stand there, run against a gateway by the programs they are for. Only the gateway's address is another.</summary>
public sealed class SnippetTests
{
    private const string Page = "docs/agents.md";
    private const string Answer = """{"id":"42","name":"Ada Lovelace"}""";

    [ToolFact("curl")]
    public async Task Curl_WithASvid_GetsTheToolsAnswer() =>
        Assert.Contains(Answer, await RunAsync("sh", "example.sh", static _ => ("bash", ["example.sh"])), StringComparison.Ordinal);

    [Fact]
    public async Task CSharp_WithASvid_GetsTheToolsAnswer() =>
        Assert.Contains(Answer, await RunAsync("csharp", "Example.cs", static directory => ("dotnet", ["run", Project(directory)])), StringComparison.Ordinal);

    [ToolFact("node")]
    public async Task TypeScript_WithAToken_GetsTheToolsAnswer() =>
        Assert.Contains("Ada Lovelace", await RunAsync("ts", "example.mjs", static _ => ("node", ["example.mjs"])), StringComparison.Ordinal);

    [ToolFact("node")]
    public async Task TypeScript_Denied_SaysWhyAndWhichDecision()
    {
        var output = await RunAsync("ts", "example.mjs", static _ => ("node", ["example.mjs"]), agent: "stranger");

        Assert.Matches("^refused: [a-z_]+, decision [0-9a-f]{32}", output);
    }

    [ToolFact("python3")]
    public async Task Python_WithASvid_GetsTheToolsAnswer() =>
        Assert.Contains(Answer, await RunAsync("python", "example.py", static _ => ("python3", ["example.py"])), StringComparison.Ordinal);

    private static async Task<string> RunAsync(string language, string file, Func<string, (string Program, string[] Arguments)> command, string agent = "support")
    {
        await using var fixture = await GatewayFixture.StartAsync();
        fixture.Upstream.Respond = static (_, stream, cancellation) => stream.WriteAsync(RawUpstream.Answer(Answer), cancellation).AsTask();
        var directory = Directory.CreateDirectory(Path.Combine(fixture.Directory, "agent")).FullName;
        using var svid = fixture.AgentCertificate(agent);
        await File.WriteAllTextAsync(Path.Combine(directory, "support.pem"), svid.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(directory, "support.key"), svid.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(Path.Combine(directory, "ca.pem"), fixture.Certificates.Authority.ExportCertificatePem());
        var code = Pages.Blocks(Page, language).Single().Replace("https://gateway.example.com", fixture.PublicUrl, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(directory, file), code);
        var (program, arguments) = command(directory);
        return await RunAsync(directory, program, arguments, fixture.Token(agent));
    }

    private static async Task<string> RunAsync(string directory, string program, string[] arguments, string token)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TOKEN"] = token;
        start.Environment["SSL_CERT_FILE"] = start.Environment["NODE_EXTRA_CA_CERTS"] = Path.Combine(directory, "ca.pem");
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        try
        {
            var error = process.StandardError.ReadToEndAsync(timeout.Token);
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            Assert.True(process.ExitCode == 0, $"{program} exits with {process.ExitCode}\n{output}\n{await error}");
            return output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>What a reader's own project would have; the program is built and run with it.</summary>
    private static string Project(string directory)
    {
        File.WriteAllText(Path.Combine(directory, "Example.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
            </Project>
            """);
        return $"--project={Path.Combine(directory, "Example.csproj")}";
    }
}
