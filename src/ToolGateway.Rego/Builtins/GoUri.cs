using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>The parts of a URI as Go's <c>net/url</c> takes them apart, which is more lenient than RFC 3986 in paths and stricter in hosts.</summary>
internal sealed record GoUri(string Scheme, string Hostname, string Port, string Path, string RawPath, string RawQuery, string Fragment)
{
    private const string InPath = "$&+,/:;=@";
    private const string InHost = "!$&'()*+,;=:[]<>\"";
    private const string InUserInfo = "-._:~!$&'()*+,;=%@";

    public static GoUri? Parse(string text, out string error)
    {
        error = "";
        if (text.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0 || text.Contains('\u007f', StringComparison.Ordinal))
            return Refuse("net/url: invalid control character in URL", out error);
        var (rest, fragmentText) = Cut(text, '#');
        if (!GoUrl.TryUnescape(fragmentText, plusIsSpace: false, out var fragment, out var fault))
            return Refuse(fault, out error);
        if (!TryScheme(ref rest, out var scheme))
            return Refuse("missing protocol scheme", out error);
        (rest, var query) = Cut(rest, '?');
        if (!rest.StartsWith('/'))
        {
            if (scheme.Length > 0)
                return new GoUri(scheme, "", "", "", "", query, fragment);
            if (rest.Split('/')[0].Contains(':', StringComparison.Ordinal))
                return Refuse("first path segment in URL cannot contain colon", out error);
        }

        var host = "";
        if (rest.StartsWith("//", StringComparison.Ordinal) && (scheme.Length > 0 || !rest.StartsWith("///", StringComparison.Ordinal)))
        {
            var end = rest.IndexOf('/', 2);
            var authority = end < 0 ? rest[2..] : rest[2..end];
            rest = end < 0 ? "" : rest[end..];
            if (!TryHost(authority, out host, out error))
                return null;
        }

        if (!GoUrl.TryUnescape(rest, plusIsSpace: false, out var path, out fault))
            return Refuse(fault, out error);
        var (name, port) = SplitPort(host);
        return new GoUri(scheme, name, port, path, string.Equals(Escape(path), rest, StringComparison.Ordinal) ? path : rest, query, fragment);
    }

    private static GoUri? Refuse(string reason, out string error)
    {
        error = reason;
        return null;
    }

    private static (string Before, string After) Cut(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
    }

    private static bool TryScheme(ref string rest, out string scheme)
    {
        scheme = "";
        for (var i = 0; i < rest.Length; i++)
        {
            var c = rest[i];
            if (c == ':')
            {
                if (i == 0)
                    return false;
                scheme = rest[..i].ToLowerInvariant();
                rest = rest[(i + 1)..];
                return true;
            }

            if (!char.IsAsciiLetter(c) && (i == 0 || (!char.IsAsciiDigit(c) && c is not ('+' or '-' or '.'))))
                return true;
        }

        return true;
    }

    private static bool TryHost(string authority, out string host, out string error)
    {
        host = error = "";
        var at = authority.LastIndexOf('@');
        if (at >= 0 && !authority.AsSpan(0, at).ToString().All(c => char.IsAsciiLetterOrDigit(c) || InUserInfo.Contains(c, StringComparison.Ordinal)))
            error = "net/url: invalid userinfo";
        else if (at >= 0 && !GoUrl.TryUnescape(authority[..at], plusIsSpace: false, out _, out var fault))
            error = fault;
        else if (!TryUnescapeHost(authority[(at + 1)..], out host))
            error = $"invalid character or port in host name {GoQuote.Quote(authority[(at + 1)..])}";
        return error.Length == 0;
    }

    private static bool TryUnescapeHost(string text, out string host)
    {
        host = "";
        var port = text.LastIndexOf(':');
        if (text.StartsWith('['))
        {
            var close = text.LastIndexOf(']');
            if (close < 0 || !IsPort(text[(close + 1)..]))
                return false;
            var zone = text.IndexOf("%25", StringComparison.Ordinal);
            return zone > 0 && zone < close
                ? TryCharacters(text[..zone], out var address) && GoUrl.TryUnescape(text[zone..], plusIsSpace: false, out var tail, out _) && Join(address, tail, out host)
                : TryCharacters(text, out host);
        }

        return (port < 0 || IsPort(text[port..])) && TryCharacters(text, out host);
    }

    private static bool Join(string a, string b, out string joined)
    {
        joined = a + b;
        return true;
    }

    // Of escapes only those of bytes beyond ASCII are read: others would disguise a name.
    private static bool TryCharacters(string text, out string host)
    {
        host = "";
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '%' && (i + 1 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || text[i + 1] is >= '0' and <= '7'))
                return false;
            if (c != '%' && c < 0x80 && !IsUnreserved(c) && !InHost.Contains(c, StringComparison.Ordinal))
                return false;
        }

        if (!GoUrl.TryUnescape(text, plusIsSpace: false, out var unescaped, out _))
            return false;
        host = unescaped;
        return true;
    }

    private static (string Name, string Port) SplitPort(string host)
    {
        var colon = host.LastIndexOf(':');
        var port = "";
        if (colon >= 0 && IsPort(host[colon..]))
            (host, port) = (host[..colon], host[(colon + 1)..]);
        return (host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host, port);
    }

    private static bool IsPort(string text) => text.Length == 0 || (text[0] == ':' && text.Skip(1).All(char.IsAsciiDigit));

    private static bool IsUnreserved(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~';

    private static string Escape(string path)
    {
        var escaped = new StringBuilder(path.Length);
        foreach (var b in Encoding.UTF8.GetBytes(path))
        {
            if (b < 0x80 && (IsUnreserved((char)b) || InPath.Contains((char)b, StringComparison.Ordinal)))
                escaped.Append((char)b);
            else
                escaped.Append('%').Append("0123456789ABCDEF"[b >> 4]).Append("0123456789ABCDEF"[b & 15]);
        }

        return escaped.ToString();
    }
}
