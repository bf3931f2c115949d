using System.Text;
using ToolGateway.Testing;

namespace ToolGateway.Faults;

/// <summary>What a tool does wrong.</summary>
internal static class ToolFaults
{
    private static readonly byte[] Head = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    private static readonly byte[] Half = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"half\":");
    private static readonly byte[] LargeHead = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nX-Large: {new string('x', 1 << 20)}\r\nContent-Length: 0\r\n\r\n");

    public static IEnumerable<Fault> All { get; } =
    [
        Of("tool-down", "tool down for 2 s", async site =>
        {
            await site.Tool.Server.KillAsync();
            await site.HoldAsync(2);
            site.Tool.Server.Restart();
        }),
        Of("tool-slow", "tool needs 500 ms for 2 s", site => BehaveAsync(site, static async (request, stream, cancellation) =>
        {
            await Task.Delay(500, cancellation);
            await ToolLog.AnswerAsync(request, stream, cancellation);
        })),
        Of("tool-silent", "tool takes calls and never answers, 3 s", site => BehaveAsync(site, static (_, _, cancellation) => Task.Delay(Timeout.Infinite, cancellation), 3)),
        Of("tool-resets", "tool resets the connection in the middle of its answer, 2 s", site => BehaveAsync(site, async (_, stream, cancellation) =>
        {
            await stream.WriteAsync(Half, cancellation);
            await stream.FlushAsync(cancellation);
            site.Tool.Server.CloseConnections();
        })),
        Of("tool-never-ends", "tool's answers never end, a byte every 100 ms; the policy limits the call to 2 s", async site =>
        {
            AddStreams(site);
            await BehaveAsync(site, static (request, stream, cancellation) => EndlessAsync(request, stream, 1, 100, cancellation), 4);
        }) with { Limit = TimeSpan.FromSeconds(2) },
        Of("tool-floods", "tool's answers never end, at full speed; the policy limits them to 32 KB", async site =>
        {
            AddStreams(site);
            await BehaveAsync(site, static (request, stream, cancellation) => EndlessAsync(request, stream, 8192, 0, cancellation), 2);
        }),
        Of("tool-huge-headers", "tool answers with a header of 1 MB, 2 s", site => BehaveAsync(site, static (_, stream, cancellation) => stream.WriteAsync(LargeHead, cancellation).AsTask())),
    ];

    private static Fault Of(string name, string what, Func<Site, Task> run) => new(name, what, async site =>
    {
        await run(site);
        site.Repaired();
    })
    {
        Limit = Site.ToolTimeout,
    };

    private static void AddStreams(Site site)
    {
        for (var i = 0; i < 4; i++)
            site.Add("stream", site.Target("/tools/crm/streams/########"), "connection closed", 50);
    }

    private static async Task BehaveAsync(Site site, Func<RawRequest, Stream, CancellationToken, Task> behaviour, double seconds = 2)
    {
        site.Tool.Behave = behaviour;
        await site.HoldAsync(seconds);
        site.Tool.Behave = ToolLog.AnswerAsync;
    }

    /// <summary>Endless where the policy limits it; other calls are answered.</summary>
    private static async Task EndlessAsync(RawRequest request, Stream stream, int size, int pause, CancellationToken cancellation)
    {
        if (!request.Line.Contains("/streams/", StringComparison.Ordinal))
        {
            await ToolLog.AnswerAsync(request, stream, cancellation);
            return;
        }

        await stream.WriteAsync(Head, cancellation);
        var chunk = Encoding.ASCII.GetBytes($"{size:x}\r\n{new string(' ', size)}\r\n");
        while (true)
        {
            await stream.WriteAsync(chunk, cancellation);
            await Task.Delay(pause, cancellation);
        }
    }
}
