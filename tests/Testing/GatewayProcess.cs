using System.Diagnostics;
using System.Text;

namespace ToolGateway.Testing;

/// <summary>The executable <c>toolgateway serve</c> as a process of its own, on a fixture's files and ports.</summary>
internal sealed class GatewayProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private bool _isDisposed;

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

    public int Id => _process.Id;

    public double ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576d;
        }
    }

    /// <param name="environment">Variables that the process gets beside this one's.</param>
    /// <param name="shell">What a shell does before it becomes the gateway, such as <c>ulimit -n 400</c>.</param>
    public static GatewayProcess Launch(GatewayFixture fixture, IReadOnlyDictionary<string, string?>? environment = null, string? shell = null)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(shell is null ? dotnet : "bash") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = fixture.Directory };
        string[] before = shell is null ? [] : ["-c", $"{shell}; exec \"$0\" \"$@\"", dotnet];
        foreach (var argument in before.Concat([Path.Combine(AppContext.BaseDirectory, "toolgateway.dll"), "serve", "--config", Path.Combine(fixture.Directory, "appsettings.json")]))
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return new GatewayProcess(Process.Start(start)!);
    }

    /// <summary>A process whose files can be kept from growing: writing then fails as on a full disk.</summary>
    public static GatewayProcess LaunchLimitable(GatewayFixture fixture) => Launch(fixture, shell: "trap '' XFSZ");

    /// <summary>Sets how large a file may grow: bytes, or <c>unlimited</c>.</summary>
    public Task LimitFilesAsync(string size) => LimitAsync($"--fsize={size}:");

    /// <summary>Sets how many files and sockets it may have open from now on.</summary>
    public Task LimitDescriptorsAsync(int descriptors) => LimitAsync($"--nofile={descriptors}:");

    /// <summary>Starts the process and waits until it is ready.</summary>
    public static async Task<GatewayProcess> StartAsync(GatewayFixture fixture, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var gateway = Launch(fixture, environment);
        try
        {
            await gateway.ReadyAsync(fixture);
            return gateway;
        }
        catch
        {
            gateway.Dispose();
            throw;
        }
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

            if (_process.HasExited)
                throw new InvalidOperationException($"the gateway exited: {Output}");
            if (Environment.TickCount64 >= deadline)
                throw new TimeoutException($"the gateway is not ready: {answer} {Output}");
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
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private async Task LimitAsync(string limit)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", $"{_process.Id}", limit]);
        await prlimit.WaitForExitAsync();
        if (prlimit.ExitCode != 0)
            throw new InvalidOperationException($"prlimit ended with exit code {prlimit.ExitCode}");
    }

    private void Collect(object sender, DataReceivedEventArgs e)
    {
        lock (_output)
            _output.AppendLine(e.Data);
    }
}
