using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ToolGateway.Host.Dev;
using ToolGateway.Load;
using ToolGateway.Testing;

namespace ToolGateway.Faults;

/// <summary>What happens to the gateway itself.</summary>
internal static partial class GatewayFaults
{
    private const int Reloads = 50;

    public static IEnumerable<Fault> All { get; } =
    [
        new("gateway-sigterm", "SIGTERM under load, then started again", async site =>
        {
            await site.StopGatewayAsync();
            site.Repaired();
            await site.StartGatewayAsync();
        }),
        new("gateway-sigkill", "SIGKILL under load and started again, three times", async site =>
        {
            for (var i = 0; i < 3; i++)
            {
                await site.HoldAsync(0.3);
                await site.Gateway.KillAsync();
                site.Gateway.Dispose();
                site.Repaired();
                await site.StartGatewayAsync();
            }
        }),
        new("gateway-full-disk", "files of the gateway cannot grow for 3 s (RLIMIT_FSIZE)", async site =>
        {
            await site.Gateway.LimitFilesAsync("1000");
            await site.HoldAsync(3);
            await site.Gateway.LimitFilesAsync("unlimited");
            site.Repaired();
        }) { Shell = "trap '' XFSZ", Limit = Site.AuditTimeout },
        new("gateway-descriptors", "file descriptors run out: 600 connections where the process may have 400 files, 3 s", DescriptorsAsync) { Shell = "ulimit -n 400" },
        new("gateway-reloads", "50 changes of the policy, the token issuer's key replaced after every tenth", ReloadAsync),
    ];

    private static async Task DescriptorsAsync(Site site)
    {
        var sockets = new List<NetworkStream>();
        for (var i = 0; i < 600; i++)
            sockets.Add(await site.Fixture.ConnectTcpAsync());
        await site.HoldAsync(3);
        site.Notes.Add($"{sockets.Count(static connection => connection.Socket.Poll(0, SelectMode.SelectRead))} of 600 connections were closed at once");
        foreach (var socket in sockets)
            await socket.DisposeAsync();
        site.Repaired();
    }

    private static async Task ReloadAsync(Site site)
    {
        var fixture = site.Fixture;
        var issuer = fixture.Tokens;
        var target = With(issuer);
        for (var i = 0; i < 2; i++)
            site.Add(Caller.Bearer, () => Volatile.Read(ref target), "200", 20);
        for (var i = 1; i <= Reloads; i++)
        {
            await ChangeAsync(site, () => SiteConfiguration.WriteGrants(fixture, i));
            if (i % 10 != 0)
                continue;
            var next = DevTokens.Create();
            await ChangeAsync(site, () => DevFiles.Write(fixture.Directory, "jwks.json", next.JwksJson(issuer)));
            Volatile.Write(ref target, With(next));
            await site.HoldAsync(0.2);
            await ChangeAsync(site, () => DevFiles.Write(fixture.Directory, "jwks.json", next.JwksJson()));
            if (issuer != fixture.Tokens)
                issuer.Dispose();
            issuer = next;
        }

        var unexpected = site.Answers.All.Count(answer => !answer.IsExpected);
        if (unexpected > 0)
            site.Violations.Add($"{unexpected} answers were not those of a gateway at rest");

        Target With(DevTokens tokens) => new(
            "", site.EndPoint, Target.Get("/tools/crm/customers/########", tokens.Sign(new DevTokenRequest
            {
                Issuer = GatewayFixture.Issuer,
                Audiences = ["tool-gateway"],
                Subject = "support",
                ClientId = "support",
            })), IsTls: true);
    }

    /// <summary>Makes a change and waits until it is in effect.</summary>
    private static async Task ChangeAsync(Site site, Action change)
    {
        using var probes = new HttpClient();
        var before = await AcceptedAsync(probes, site);
        change();
        for (var deadline = Stopwatch.GetTimestamp() + (20 * Stopwatch.Frequency); await AcceptedAsync(probes, site) == before; await Task.Delay(50))
        {
            if (Stopwatch.GetTimestamp() > deadline)
                throw new TimeoutException($"the gateway did not take a change: {site.Gateway.Output}");
        }
    }

    private static async Task<int> AcceptedAsync(HttpClient probes, Site site)
    {
        var metrics = await probes.GetStringAsync(new Uri($"http://127.0.0.1:{site.Fixture.ProbesPort}/metrics"));
        return int.Parse(Accepted().Match(metrics).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("""^toolgateway_snapshot_reloads_total\{part="snapshot",result="accepted"\} (\d+)""", RegexOptions.Multiline)]
    private static partial Regex Accepted();
}
