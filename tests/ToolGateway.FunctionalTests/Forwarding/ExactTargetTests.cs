using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ToolGateway.FunctionalTests.Calls;
using ToolGateway.ToolCalls.Targets;

namespace ToolGateway.FunctionalTests.Forwarding;

public sealed class ExactTargetTests
{
    private static readonly string[] Pieces =
    [
        "a", "Z", "0", "-", ".", "_", "~", "!", "$", "'", "(", ")", "*", ",", ":", "@", "%20", "%22", "%3C", "%3E", "%C3%A9", "%E2%82%AC", "%F0%9F%98%80",
        "%26", "%3D", "%2B", "%23", "%3F", "%5B", "%5D", "%7B", "%7C", "%7D", "%60", "%5E", "%40", "%3A", "%21", "%2C", "...", "x.y", "%EF%BC%8F", "%E2%80%AE", "%CC%81",
    ];

    [Fact]
    public async Task AcceptedTargets_AreForwardedByteForByte()
    {
        await using var host = await PipelineHost.StartAsync((options, upstream) => options.Tools["crm"].Upstream = upstream.Url + "base");
        var random = new Random(20261122);
        var sent = new List<string>();
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, host.Port);
        using var reader = new StreamReader(tcp.GetStream(), Encoding.Latin1);
        for (var i = 0; i < 400; i++)
        {
            var rest = (i % 3) switch
            {
                0 => "/customers/" + Text(random, "&+=") + (i % 2 == 0 ? "" : $"?limit={Text(random, "=/")}"),
                1 => "/search?" + string.Join('&', Enumerable.Range(0, 1 + random.Next(4)).Select(n => $"q{n.ToString(CultureInfo.InvariantCulture)}{Text(random, "")}={Text(random, "=/")}")),
                _ => $"/customers/{Text(random, "&+=")}?fields={Text(random, "/")}&fields={Text(random, "=")}",
            };
            if (TargetReader.Read("/tools/crm" + rest, out _) is not null)
                continue;
            sent.Add("/base" + rest);
            var status = await ExchangeAsync(tcp.GetStream(), reader, "/tools/crm" + rest);
            Assert.True(status.StartsWith("HTTP/1.1 200", StringComparison.Ordinal), $"{status} for {rest}");
        }

        Assert.True(sent.Count > 300);
        Assert.Equal(sent, host.Upstream.Requests.Select(request => request.Line.Split(' ')[1]));
    }

    private static async Task<string> ExchangeAsync(Stream stream, StreamReader reader, string target)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer support\r\n\r\n"));
        var status = (await reader.ReadLineAsync())!;
        var length = 0;
        while ((await reader.ReadLineAsync()) is { Length: > 0 } header)
        {
            if (header.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(header.AsSpan(16), CultureInfo.InvariantCulture);
        }

        await reader.ReadBlockAsync(new char[length]);
        return status;
    }

    private static string Text(Random random, string also)
    {
        var text = new StringBuilder("t");
        for (var n = random.Next(8); n > 0; n--)
        {
            var pick = random.Next(Pieces.Length + also.Length);
            text.Append(pick < Pieces.Length ? Pieces[pick] : also[pick - Pieces.Length].ToString());
        }

        return text.ToString();
    }
}
