using System.Net;

namespace ToolGateway.Hosting;

/// <summary>A parsed listener address: <c>http[s]://ip:port</c> or <c>unix:///path</c>.</summary>
internal sealed record ListenerAddress(IPEndPoint? EndPoint, string? UnixPath, bool IsTls)
{
    public bool IsLocal => UnixPath is not null || IPAddress.IsLoopback(EndPoint!.Address);

    public static ListenerAddress? Parse(string? text, string key, ConfigurationErrors errors)
    {
        const string Form = "write https://address:port, http://address:port or unix:///path, with an IP address or localhost";
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.PathAndQuery is not "/" and not "" && uri.Scheme != "unix"))
        {
            errors.Add(key, text, Form);
            return null;
        }

        if (uri.Scheme == "unix" && uri.AbsolutePath.Length > 1)
            return new ListenerAddress(null, uri.AbsolutePath, IsTls: false);
        var host = uri.Host is "localhost" ? "127.0.0.1" : uri.Host.Trim('[', ']');
        if (uri.Scheme is not ("http" or "https") || !IPAddress.TryParse(host, out var address))
        {
            errors.Add(key, text, Form);
            return null;
        }

        return new ListenerAddress(new IPEndPoint(address, uri.Port), null, uri.Scheme == "https");
    }
}
