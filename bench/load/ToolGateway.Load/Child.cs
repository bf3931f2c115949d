using System.Diagnostics;

namespace ToolGateway.Load;

/// <summary>A server of the matrix in a process of its own; it ends when its standard input does.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;

    private Child(Process process) => _process = process;

    /// <summary>Time from starting the process until it says that it is ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    public double ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576d;
        }
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<Child> StartAsync(params string[] arguments)
    {
        var started = Stopwatch.GetTimestamp();
        var info = new ProcessStartInfo(Environment.ProcessPath!, [typeof(Child).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var child = new Child(Process.Start(info) ?? throw new InvalidOperationException("the server did not start"));
        if (await child._process.StandardOutput.ReadLineAsync() != "ready")
            throw new InvalidOperationException($"the server '{string.Join(' ', arguments)}' did not become ready");
        child.ReadyAfter = Stopwatch.GetElapsedTime(started);
        return child;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _process.WaitForExitAsync(patience.Token);
        _process.Dispose();
    }
}
