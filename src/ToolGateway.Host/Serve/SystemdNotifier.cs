using System.Net.Sockets;
using System.Text;

namespace ToolGateway.Host.Serve;

/// <summary>
/// Tells systemd when the gateway listens and when it begins to stop (<c>Type=notify</c>): one datagram each to the socket in <c>NOTIFY_SOCKET</c>. Without that variable
/// it does nothing. The framework's own package for this is not to be had everywhere.
/// </summary>
internal sealed partial class SystemdNotifier(IHostApplicationLifetime lifetime, ILogger<SystemdNotifier> logger) : IHostedService
{
    public const string Variable = "NOTIFY_SOCKET";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 1 } address)
        {
            lifetime.ApplicationStarted.Register(() => Send(address, "READY=1"));
            lifetime.ApplicationStopping.Register(() => Send(address, "STOPPING=1"));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Send(string address, string state)
    {
        // A leading @ stands for a name that is not in the file system.
        var endPoint = new UnixDomainSocketEndPoint(address[0] == '@' ? $"\0{address[1..]}" : address);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.ASCII.GetBytes(state), endPoint);
        }
        catch (SocketException e)
        {
            Log.NotTold(logger, address, state, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(500, LogLevel.Warning, "systemd could not be told at {Address} that {State}: {Reason}")]
        public static partial void NotTold(ILogger logger, string address, string state, string reason);
    }
}
