using System.Diagnostics;
using System.Text;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Audit;

/// <summary>The executable <c>toolgateway serve</c> as a process of its own, on a fixture's files and ports.</summary>
internal sealed class GatewayProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private GatewayProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += Collect;
        process.ErrorDataReceived += Collect;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static GatewayProcess Launch(GatewayFixture fixture) => Launch(fixture, Dotnet, []);

    /// <summary>A process whose files can be kept from growing: writing then fails as on a full disk.</summary>
    public static GatewayProcess LaunchLimitable(GatewayFixture fixture) => Launch(fixture, "bash", ["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", Dotnet]);

    /// <summary>Sets how large a file may grow: bytes, or <c>unlimited</c>.</summary>
    public async Task LimitFilesAsync(string size)
    {
        using var limit = Process.Start("prlimit", ["--pid", $"{_process.Id}", $"--fsize={size}:"]);
        await limit.WaitForExitAsync();
        Assert.Equal(0, limit.ExitCode);
    }

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static GatewayProcess Launch(GatewayFixture fixture, string program, IEnumerable<string> before, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = fixture.Directory };
        foreach (var argument in before.Concat([Path.Combine(AppContext.BaseDirectory, "toolgateway.dll"), "serve", "--config", Path.Combine(fixture.Directory, "appsettings.json")]))
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return new GatewayProcess(Process.Start(start)!);
    }

    /// <summary>Starts the process and waits until it is ready.</summary>
    public static async Task<GatewayProcess> StartAsync(GatewayFixture fixture, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var gateway = Launch(fixture, Dotnet, [], environment);
        await gateway.ReadyAsync(fixture);
        return gateway;
    }

    public async Task ReadyAsync(GatewayFixture fixture)
    {
        using var probes = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{fixture.ProbesPort}"), Timeout = TimeSpan.FromSeconds(2) };
        var answer = "";
        for (var deadline = Environment.TickCount64 + 30_000; ; await Task.Delay(20))
        {
            try
            {
                using var response = await probes.GetAsync("/readyz");
                if (response.IsSuccessStatusCode)
                    return;
                answer = await response.Content.ReadAsStringAsync();
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }

            Assert.False(_process.HasExited, $"the gateway exited: {Output}");
            Assert.True(Environment.TickCount64 < deadline, $"the gateway is not ready: {answer} {Output}");
        }
    }

    /// <summary>SIGKILL: nothing in the process runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await kill.WaitForExitAsync();
        return await ExitAsync(TimeSpan.FromSeconds(40));
    }

    public async Task<int> ExitAsync(TimeSpan within)
    {
        using var timeout = new CancellationTokenSource(within);
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void Collect(object sender, DataReceivedEventArgs e)
    {
        lock (_output)
            _output.AppendLine(e.Data);
    }
}
