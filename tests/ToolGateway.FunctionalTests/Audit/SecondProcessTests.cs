using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Audit;

/// <summary>Two processes and one directory.</summary>
public sealed class SecondProcessTests
{
    [Fact]
    public async Task Start_OnADirectoryInUse_RefusesWithAClearError()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        fixture.Configuration["Listen"]!["Address"] = $"https://127.0.0.1:{GatewayFixture.FreePort()}";
        fixture.Configuration["Management"]!["Probes"] = $"http://127.0.0.1:{GatewayFixture.FreePort()}";
        fixture.Configuration["Management"]!["Address"] = "";
        fixture.WriteConfiguration();
        var started = Environment.TickCount64;
        using var second = GatewayProcess.Launch(fixture);
        Assert.Equal(78, await second.ExitAsync(TimeSpan.FromSeconds(60)));
        Assert.InRange(Environment.TickCount64 - started, 29_000, 59_000);
        Assert.Contains("is in use: another process holds audit.lock", second.Output, StringComparison.Ordinal);
    }
}
