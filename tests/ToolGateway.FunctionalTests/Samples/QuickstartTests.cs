using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Samples;

/// <summary>The quickstart as somebody uses it who edits what it shows; the gate runs it with <c>--once</c>.</summary>
public sealed class QuickstartTests
{
    private const string PolicyLine = "after you save them: ";

    [Fact]
    public async Task Run_PolicyBrokenByAnEdit_SaysWhatAndWhereOnTheConsole()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var quickstart = Tool.Start(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Executable());
        try
        {
            var shown = await LineAsync(quickstart.StandardOutput, PolicyLine, timeout.Token);
            var policy = Path.Combine(shown[(shown.IndexOf(PolicyLine, StringComparison.Ordinal) + PolicyLine.Length)..], "toolgateway", "decision.rego");

            await File.AppendAllTextAsync(policy, "allow if {\n", timeout.Token);

            Assert.Matches(@"decision\.rego:\d+:\d+: rego_parse_error", await LineAsync(quickstart.StandardOutput, "Change refused", timeout.Token));
        }
        finally
        {
            using var kill = Tool.Start("kill", "-INT", $"{quickstart.Id}");
            await quickstart.WaitForExitAsync(timeout.Token);
        }

        Assert.Equal(0, quickstart.ExitCode);
    }

    [Fact]
    public async Task Run_Once_StopsTheGatewayBeforeItEnds()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var quickstart = Tool.Start(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Executable(), "--once");

        var output = await quickstart.StandardOutput.ReadToEndAsync(timeout.Token);
        await quickstart.WaitForExitAsync(timeout.Token);

        Assert.Equal(0, quickstart.ExitCode);
        Assert.Contains("intact:", output, StringComparison.Ordinal);
        Assert.DoesNotContain("crit:", output, StringComparison.Ordinal);
    }

    private static async Task<string> LineAsync(StreamReader output, string part, CancellationToken cancellation)
    {
        while (await output.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal))
                return line;
        }

        throw new EndOfStreamException($"the program ended before it said: {part}");
    }

    /// <summary>As it was built beside the tests, in their configuration.</summary>
    private static string Executable()
    {
        var built = Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "ToolGateway.FunctionalTests"), AppContext.BaseDirectory);
        return Path.Combine(Repository.Root, "samples", "Quickstart", built, "Quickstart.dll");
    }
}
