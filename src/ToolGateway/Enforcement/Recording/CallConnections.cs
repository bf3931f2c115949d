using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ToolGateway.Enforcement.Recording;

/// <summary>The peers of the open connections of calls, for refusals that name a connection only.</summary>
internal sealed class CallConnections
{
    private readonly ConcurrentDictionary<string, IPAddress?> _peers = new(StringComparer.Ordinal);

    /// <summary>Middleware of a listener: knows the connection while it lasts.</summary>
    public async Task FollowAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var id = connection.ConnectionId;
        _peers[id] = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            _peers.TryRemove(id, out _);
        }
    }

    /// <summary>False: no call comes over this connection.</summary>
    public bool TryFind(string connectionId, out IPAddress? peer) => _peers.TryGetValue(connectionId, out peer);
}
