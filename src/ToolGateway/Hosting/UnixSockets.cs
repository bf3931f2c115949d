namespace ToolGateway.Hosting;

/// <summary>Addresses that name a unix socket.</summary>
internal static class UnixSockets
{
    public const string Scheme = "unix://";
}
