using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ToolGateway.Load;
using static ToolGateway.Testing.Http2Frames;

namespace ToolGateway.Faults;

/// <summary>What callers do wrong, beside others that do not.</summary>
internal static class ClientFaults
{
    private const int Connections = 5_000;

    public static IEnumerable<Fault> All { get; } =
    [
        Of("client-slow-headers", "200 connections send a byte of their headers every 200 ms (slowloris)", site => ManyAsync(
            site, 200, 200, (id, _) => DripAsync(site, $"GET /tools/crm/customers/{id} HTTP/1.1\r\nHost: localhost\r\nX-Slow: "))) with
        {
            // The server looks at its timers once a second.
            Limit = TimeSpan.FromSeconds(4),
        },
        Of("client-slow-body", "200 connections send a byte of their bodies every 200 ms", site => ManyAsync(
            site, 200, 200, (id, _) => DripAsync(site, Post(id) + "{\"id\":\""))),
        Of("client-aborts", "500 calls are aborted in the middle of their bodies, half of them by a reset", site => ManyAsync(site, 500, 50, (id, i) => AbortAsync(site, id, i % 2 == 0))),
        Of("client-connections", "5,000 connections with a call each, all kept open, then a call each again", ConnectionsAsync),
        Of("client-rapid-reset", "20 HTTP/2 connections open streams and reset them at once, up to 1,000 each (rapid reset)", RapidResetAsync),
    ];

    private static Fault Of(string name, string what, Func<Site, Task> run) => new(name, what, async site =>
    {
        await run(site);
        site.Repaired();
    });

    private static string Post(string id) => $"POST /tools/crm/refunds HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\nX-Id: {id}\r\n\r\n";

    private static Task ManyAsync(Site site, int count, int atOnce, Func<string, int, Task<string>> call) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (i, _) =>
        {
            var label = await call(Site.NextId(), i);
            site.Answers.Add("faulty", label, isExpected: false, Stopwatch.GetTimestamp());
        });

    /// <summary>Sends the beginning, then a byte now and then, until the gateway has had enough.</summary>
    private static async Task<string> DripAsync(Site site, string beginning)
    {
        await using var tls = await site.Fixture.ConnectAsync(site.Certificate);
        await tls.WriteAsync(Encoding.ASCII.GetBytes(beginning));
        var started = Stopwatch.GetTimestamp();
        var label = await DripUntilAnsweredAsync(tls);
        site.Answers.Add("slow", label, isExpected: false, started);
        return "cut off";
    }

    private static async Task<string> DripUntilAnsweredAsync(SslStream tls)
    {
        using var enough = new CancellationTokenSource();
        var dripping = DripAsync(tls, enough.Token);
        var label = await ReadAsync(tls);
        await enough.CancelAsync();
        await dripping;
        return label;
    }

    private static async Task DripAsync(SslStream tls, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await tls.WriteAsync("x"u8.ToArray(), stop);
                await Task.Delay(200, stop);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Closed while this end went on sending.
        }
    }

    private static async Task<string> ReadAsync(SslStream tls)
    {
        var buffer = new byte[16 << 10];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            return Caller.Label(buffer.AsSpan(0, await tls.ReadAsync(buffer, patience.Token)));
        }
        catch (IOException)
        {
            return "connection closed";
        }
        catch (OperationCanceledException)
        {
            return "no answer";
        }
    }

    private static async Task<string> AbortAsync(Site site, string id, bool withReset)
    {
        var tcp = await site.Fixture.ConnectTcpAsync();
        var tls = new SslStream(tcp);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
            LocalCertificateSelectionCallback = (_, _, _, _, _) => site.Certificate,
        });
        await tls.WriteAsync(Encoding.ASCII.GetBytes(Post(id) + $"{{\"id\":\"{id}\","));

        // A reset takes with it what the gateway has not read yet.
        await Task.Delay(100);
        if (withReset)
            tcp.Socket.Close(0);
        else
            await tls.DisposeAsync();
        await tcp.DisposeAsync();
        return withReset ? "reset by the caller" : "closed by the caller";
    }

    private static async Task ConnectionsAsync(Site site)
    {
        var token = site.Fixture.Token();
        var target = new Target("", site.EndPoint, Target.Get("/tools/crm/customers/########", token), IsTls: true);
        var clients = Enumerable.Range(0, Connections).Select(_ => new Client(target)).ToArray();
        foreach (var round in new[] { "first call of 5,000", "second call" })
        {
            await Parallel.ForEachAsync(clients, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (client, _) =>
            {
                var started = Stopwatch.GetTimestamp();
                var label = await Caller.AskAsync(client);
                site.Answers.Add(round, label, label == "200", started);
            });
            site.Notes.Add(string.Create(CultureInfo.InvariantCulture, $"{site.Gateway.ResidentMegabytes:0} MB resident after the {round}"));
        }

        foreach (var client in clients)
            await client.DisposeAsync();
    }

    private static async Task RapidResetAsync(Site site)
    {
        var streams = 0;
        await ManyAsync(site, 20, 20, async (_, _) =>
        {
            await using var tls = await site.Fixture.ConnectAsync(site.Certificate, protocol: SslApplicationProtocol.Http2);
            var end = EndAsync(tls);
            try
            {
                await tls.WriteAsync(Preface);
                for (var stream = 1; stream < 2_000 && !end.IsCompleted; stream += 2)
                {
                    var fields = Fields($":method=GET|:scheme=https|:authority=localhost|:path=/tools/crm/customers/{Site.NextId()}|");
                    await tls.WriteAsync((byte[])[.. Frame(Headers, EndStream | EndHeaders, stream, fields), .. Frame(ResetStream, 0, stream, [0, 0, 0, 8])]);
                    Interlocked.Increment(ref streams);
                }

                await tls.WriteAsync(Frame(GoAway, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]));
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // Closed by the gateway while this end went on sending.
            }

            return await end;
        });
        site.Notes.Add(string.Create(CultureInfo.InvariantCulture, $"{streams} streams"));
    }

    /// <summary>Reads frames until the connection ends; what the last <c>GOAWAY</c> said.</summary>
    private static async Task<string> EndAsync(SslStream tls)
    {
        var label = "connection closed";
        var head = new byte[9];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            while (true)
            {
                await tls.ReadExactlyAsync(head, patience.Token);
                var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
                await tls.ReadExactlyAsync(payload, patience.Token);
                if (head[3] == GoAway)
                    label = payload[7] == 11 ? "GOAWAY ENHANCE_YOUR_CALM" : $"GOAWAY {payload[7]}";
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return label;
        }
        catch (OperationCanceledException)
        {
            return "no answer";
        }
    }
}
