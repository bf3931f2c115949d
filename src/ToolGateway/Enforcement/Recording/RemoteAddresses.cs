using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace ToolGateway.Enforcement.Recording;

/// <summary>The text of each connection's peer address, made once per connection.</summary>
internal static class RemoteAddresses
{
    private static readonly ConditionalWeakTable<IPAddress, string> Texts = [];

    public static string Of(ConnectionInfo connection) => connection.RemoteIpAddress is { } address
        ? Texts.GetValue(address, static a => (a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a).ToString())
        : "unix";
}
