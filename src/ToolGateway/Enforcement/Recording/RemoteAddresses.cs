using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace ToolGateway.Enforcement.Recording;

/// <summary>The texts of each connection's peer address, made once per connection.</summary>
internal static class RemoteAddresses
{
    private static readonly ConditionalWeakTable<IPAddress, RemoteAddress> Known = [];
    private static readonly RemoteAddress UnixSocket = new("unix", "unix");

    public static RemoteAddress Of(ConnectionInfo connection) => Of(connection.RemoteIpAddress);

    /// <summary>Without an address the peer came over a unix socket.</summary>
    public static RemoteAddress Of(IPAddress? address) => address is null ? UnixSocket : Known.GetValue(address, static found => Read(found));

    internal static RemoteAddress Read(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var text = address.ToString();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return new RemoteAddress(text, text);

        // One IPv6 host has 2^64 addresses of its own.
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new RemoteAddress(text, $"{new IPAddress(bytes)}/64");
    }
}

/// <summary>A peer's address.</summary>
/// <param name="Text">As it is recorded.</param>
/// <param name="Source">What limits per source are counted by.</param>
internal sealed record RemoteAddress(string Text, string Source);
