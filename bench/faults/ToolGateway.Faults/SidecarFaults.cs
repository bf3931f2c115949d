using ToolGateway.Testing;

namespace ToolGateway.Faults;

/// <summary>What a sidecar does wrong.</summary>
internal static class SidecarFaults
{
    public static IEnumerable<Fault> All { get; } =
    [
        Of("sidecar-killed", "sidecar killed for 2 s, then started again", SidecarKind.Any, async site =>
        {
            await site.Sidecar!.KillAsync();
            await site.HoldAsync(2);
            await site.Sidecar.RestartAsync(denyAll: false);
        }),
        Of("sidecar-hung", "sidecar hangs for 6 s: takes questions, answers none", SidecarKind.Any, async site =>
        {
            await site.Sidecar!.HangAsync();
            await site.HoldAsync(6);
            await site.Sidecar.ResumeAsync();
        }),
        Of("sidecar-slow", "sidecar 10 times slower (50 ms) for 2 s", SidecarKind.Scripted, site => MisbehaveAsync(site, sidecar => sidecar.Slowness = 10, sidecar => sidecar.Slowness = 1)),
        Of("sidecar-garbage", "sidecar answers with what is not JSON for 2 s", SidecarKind.Scripted, site => InsteadAsync(site, RawUpstream.Answer("<html>proxy</html>"))),
        Of("sidecar-not-http", "sidecar answers with what is not HTTP for 2 s", SidecarKind.Scripted, site => InsteadAsync(site, "\0\u0001garbage\r\n\r\n"u8.ToArray())),
        Of("sidecar-500", "sidecar answers 500 for 2 s", SidecarKind.Scripted, site => InsteadAsync(site, RawUpstream.Answer("""{"code":"internal_error","message":"out of memory"}""", 500))),
        Of("sidecar-half-open", "sidecar's host takes connections for 3 s, nobody reads them; the old ones are silent", SidecarKind.ScriptedTcp, site => MisbehaveAsync(
            site, sidecar => (sidecar.Server.Accepts, sidecar.Instead) = (false, []), sidecar => (sidecar.Server.Accepts, sidecar.Instead) = (true, null), 3)),
        Of("sidecar-resets", "every connection to the sidecar is reset, ten times in 2 s", SidecarKind.ScriptedTcp, async site =>
        {
            for (var i = 0; i < 10; i++)
            {
                ((ScriptedSidecar)site.Sidecar!).Server.CloseConnections();
                await site.HoldAsync(0.2);
            }
        }),
        Of("sidecar-other-policy", "sidecar restarted with a policy that allows nothing, 2 s later with the old one", SidecarKind.Any, async site =>
        {
            await site.Sidecar!.KillAsync();
            await site.Sidecar.RestartAsync(denyAll: true);
            await site.HoldAsync(2);
            await site.Sidecar.KillAsync();
            await site.Sidecar.RestartAsync(denyAll: false);
        }),
    ];

    private static Fault Of(string name, string what, SidecarKind kind, Func<Site, Task> run) => new(name, what, async site =>
    {
        await run(site);
        site.Repaired();
    })
    {
        Sidecar = kind,
        Limit = Site.SidecarTimeout,
    };

    private static Task InsteadAsync(Site site, byte[] answer) => MisbehaveAsync(site, sidecar => sidecar.Instead = answer, sidecar => sidecar.Instead = null);

    private static async Task MisbehaveAsync(Site site, Action<ScriptedSidecar> begin, Action<ScriptedSidecar> end, double seconds = 2)
    {
        var sidecar = (ScriptedSidecar)site.Sidecar!;
        begin(sidecar);
        await site.HoldAsync(seconds);
        end(sidecar);
    }
}
