using System.Net.Sockets;
using System.Text;
using ToolGateway.FunctionalTests.Samples;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Hosting;

/// <summary>The gateway as a systemd service: what it says to systemd, and the unit file.</summary>
public sealed class SystemdTests
{
    private static string Unit => Repository.Path("samples/systemd/toolgateway.service");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Serve_NotifySocket_HearsReadyAndStopping(bool isAbstract)
    {
        await using var fixture = await GatewayFixture.StartAsync();
        await fixture.StopAsync();
        var path = Path.Combine(fixture.Directory, "notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{path}" : path));
        using var gateway = await GatewayProcess.StartAsync(fixture, new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = isAbstract ? $"@{path}" : path });

        Assert.Equal("READY=1", await ReceiveAsync(systemd));
        var exit = gateway.TerminateAsync();

        Assert.Equal("STOPPING=1", await ReceiveAsync(systemd));
        Assert.Equal(0, await exit);
    }

    [Fact]
    public async Task Serve_NotifySocketGone_ServesAndSaysSo()
    {
        await using var fixture = await GatewayFixture.StartAsync();
        await fixture.StopAsync();

        using var gateway = await GatewayProcess.StartAsync(fixture, new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = "/does/not/exist" });

        for (var deadline = Environment.TickCount64 + 20_000; !gateway.Output.Contains("systemd could not be told at /does/not/exist that READY=1", StringComparison.Ordinal); await Task.Delay(20))
            Assert.True(Environment.TickCount64 < deadline, gateway.Output);
        Assert.Equal(0, await gateway.TerminateAsync());
    }

    [ToolFact("systemd-analyze")]
    public async Task Unit_SystemdAnalyze_IsContent()
    {
        var folder = Directory.CreateTempSubdirectory("toolgateway-unit-").FullName;
        try
        {
            var unit = Path.Combine(folder, "toolgateway.service");
            await File.WriteAllTextAsync(unit, (await File.ReadAllTextAsync(Unit)).Replace("/opt/toolgateway/toolgateway", "/bin/true", StringComparison.Ordinal));

            var (code, output) = await Tool.RunAsync("", "systemd-analyze", "verify", unit);

            // An unknown key is a line of output only.
            Assert.Equal((0, ""), (code, output));

            // Exposure from 0.0 to 10.0, here in tenths.
            (code, output) = await Tool.RunAsync("", "systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager", unit);
            Assert.True(code == 0, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Unit_RunsWhatThePublishScriptMakes_WithLimits()
    {
        var lines = File.ReadAllLines(Unit);

        Assert.Contains("Type=notify", lines);
        Assert.Contains("RestartPreventExitStatus=78", lines);
        Assert.Contains("User=toolgateway", lines);
        foreach (var key in new[] { "LimitNOFILE=", "MemoryMax=", "TasksMax=" })
            Assert.Contains(lines, line => line.StartsWith(key, StringComparison.Ordinal));
        var root = Host.ToolGatewayCommand.Create();
        var commands = lines.Where(static line => line.StartsWith("Exec", StringComparison.Ordinal)).Select(static line => line.Split(' ', 2)[1]).ToArray();
        Assert.Equal(2, commands.Length);
        Assert.All(commands, command => Assert.Empty(root.Parse(command).Errors));
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[256];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, timeout.Token));
    }
}
