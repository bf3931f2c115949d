using ToolGateway.FunctionalTests.Samples;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Documentation;

/// <summary>Commands of other programs that the runbook tells an operator to use. Those that need a cluster or a running systemd are asked for their help.</summary>
public sealed class OperatorCommandTests
{
    [ToolFact("kubectl")]
    public async Task Kubectl_OfEveryPage_KnowsTheCommand()
    {
        foreach (var line in ShellLines.Of(nameof(Kubectl_OfEveryPage_KnowsTheCommand)))
            Assert.Contains("Usage:", await RunAsync($"{line} --help"), StringComparison.Ordinal);
    }

    [ToolFact("systemctl")]
    public async Task Systemctl_OfEveryPage_KnowsTheCommand()
    {
        var help = await RunAsync("systemctl --help");
        foreach (var line in ShellLines.Of(nameof(Systemctl_OfEveryPage_KnowsTheCommand)))
        {
            Assert.Matches($@"(?m)^ *{line.Split(' ')[1]} ", help);
            await RunAsync($"{line} --help");
        }
    }

    [ToolFact("openssl")]
    public async Task Openssl_OfEveryPage_Runs()
    {
        await using var fixture = GatewayFixture.Prepare();
        foreach (var line in ShellLines.Of(nameof(Openssl_OfEveryPage_Runs)))
            Assert.StartsWith("notAfter=", await RunAsync(line, fixture.Directory), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ulimit_OfEveryPage_Runs()
    {
        foreach (var line in ShellLines.Of(nameof(Ulimit_OfEveryPage_Runs)))
            Assert.Matches(@"^(\d+|unlimited)\n$", await RunAsync(line));
    }

    private static async Task<string> RunAsync(string line, string? directory = null)
    {
        var (code, output) = await Shell.RunAsync(line, directory);
        Assert.True(code == 0, $"{line}\nexits with {code}\n{output}");
        return output;
    }
}
