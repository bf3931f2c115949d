using System.Diagnostics;
using System.Net.Sockets;

namespace ToolGateway.Faults;

/// <summary>A real OPA on a unix socket, with the gateway's policies.</summary>
internal sealed class RealSidecar(string binary, string directory, string policies) : ISidecar
{
    private readonly string _socket = Path.Combine(directory, "opa.sock");
    private Process? _process;

    public string Address => $"unix://{_socket}";

    public string Name => "OPA, unix socket";

    public static async Task<RealSidecar> StartAsync(string binary, string directory, string policies)
    {
        var sidecar = new RealSidecar(binary, directory, policies);
        await sidecar.RestartAsync(denyAll: false);
        return sidecar;
    }

    public async Task RestartAsync(bool denyAll)
    {
        File.Delete(_socket);
        var from = denyAll ? Path.Combine(directory, "deny-all.rego") : policies;
        if (denyAll)
            await File.WriteAllTextAsync(from, "package toolgateway\n\ndecision := {\"allow\": false, \"reasons\": [\"not_granted\"]}\n\nvisible := set()\n");
        _process = Process.Start(binary, ["run", "--server", "--log-level=error", $"--addr={Address}", from]);
        for (var deadline = Environment.TickCount64 + 20_000; !await ListensAsync(); await Task.Delay(10))
        {
            if (_process.HasExited || Environment.TickCount64 > deadline)
                throw new InvalidOperationException($"{binary} does not listen on {_socket}");
        }
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public Task HangAsync() => Signals.SendAsync(_process!.Id, "STOP");

    public Task ResumeAsync() => Signals.SendAsync(_process!.Id, "CONT");

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
    }

    private async Task<bool> ListensAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>Signals that .NET does not send.</summary>
internal static class Signals
{
    public static async Task SendAsync(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        await kill.WaitForExitAsync();
    }
}
