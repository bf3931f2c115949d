using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using ToolGateway.Enforcement.Recording;

namespace ToolGateway.Hosting;

/// <summary>Opens the three listeners and marks each connection with the role of the one that accepted it.</summary>
internal static class KestrelListeners
{
    public static void Configure(
        KestrelServerOptions kestrel, SnapshotHolder snapshots, CallConnections connections, Action<HttpsConnectionAdapterOptions> clientCertificates)
    {
        var options = snapshots.Current.Options;
        var ignored = new ConfigurationErrors();
        Open(kestrel, ListenerAddress.Parse(options.Listen.Address, "Listen:Address", ignored)!, ListenerRole.Calls, snapshots, connections, clientCertificates);
        if (ListenerAddress.Parse(options.Management.Probes, "Management:Probes", ignored) is { } probes)
            Open(kestrel, probes, ListenerRole.Probes, snapshots, null, clientCertificates);
        if (ListenerAddress.Parse(options.Management.Address, "Management:Address", ignored) is { } administration)
            Open(kestrel, administration, ListenerRole.Administration, snapshots, null, clientCertificates);
    }

    private static void Open(
        KestrelServerOptions kestrel, ListenerAddress address, ListenerRole role, SnapshotHolder snapshots, CallConnections? connections,
        Action<HttpsConnectionAdapterOptions> clientCertificates)
    {
        void Listen(ListenOptions listen)
        {
            listen.Protocols = address.IsTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
            var feature = new ListenerFeature(role);
            listen.Use(next => connection =>
            {
                connection.Features.Set(feature);
                return next(connection);
            });
            if (connections is not null)
                listen.Use(next => connection => connections.FollowAsync(connection, next));
            if (!address.IsTls)
                return;
            listen.UseHttps(https =>
            {
                https.ServerCertificateSelector = (_, _) => snapshots.Current.Certificate!.Leaf;
                https.OnAuthenticate = (_, tls) =>
                {
                    // The context has the intermediates, which a selected certificate would not; TLS takes only one of the two.
                    tls.ServerCertificateSelectionCallback = null;
                    tls.ServerCertificateContext = snapshots.Current.Certificate!.Context;
                };
                clientCertificates(https);
            });
        }

        if (address.UnixPath is { } path)
        {
            // A socket file that a killed process left behind would refuse the bind.
            File.Delete(path);
            kestrel.ListenUnixSocket(path, Listen);
        }
        else
        {
            kestrel.Listen(address.EndPoint!, Listen);
        }
    }
}
