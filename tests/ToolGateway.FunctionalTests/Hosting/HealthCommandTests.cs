using System.CommandLine;
using System.Text.Json;
using ToolGateway.Host;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Hosting;

/// <summary><c>toolgateway health</c>, which tells a container's engine whether the gateway is well.</summary>
public sealed class HealthCommandTests
{
    [Fact]
    public async Task Health_AsTheImageAsks_FollowsTheProbe()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        var line = File.ReadLines(Repository.Path("Dockerfile")).Single(static line => line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal));
        var words = JsonSerializer.Deserialize<string[]>(line[line.IndexOf('[', StringComparison.Ordinal)..])!;
        Assert.Equal("/app/toolgateway", words[0]);
        string[] arguments = [.. words[1..].Select(word => word.Replace(":8081/", $":{fixture.ProbesPort}/", StringComparison.Ordinal))];

        var (code, output) = await RunAsync(arguments);
        Assert.True(code == 0, output);
        Assert.StartsWith("{\"status\":\"ok\"", output, StringComparison.Ordinal);

        await fixture.StopAsync();
        (code, output) = await RunAsync(arguments);
        Assert.Equal(1, code);
        Assert.Contains("does not answer", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("file:///etc/passwd")]
    public async Task Health_NoAddress_SaysWhatToWrite(string address)
    {
        var (code, output) = await RunAsync(["health", address]);

        Assert.NotEqual(0, code);
        Assert.Contains($"'{address}' is not the address of a probe; write one such as ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Health_WithoutAnAddress_AsksTheStandardProbe()
    {
        var result = ToolGatewayCommand.Create().Parse(["health"]);

        Assert.Empty(result.Errors);
        Assert.Equal(new Uri("http://127.0.0.1:8081/readyz"), result.GetValue<Uri>("url"));
    }

    private static async Task<(int Code, string Output)> RunAsync(string[] arguments)
    {
        var output = new StringWriter();
        var code = await ToolGatewayCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString());
    }
}
