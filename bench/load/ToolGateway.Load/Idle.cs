using System.Globalization;
using System.Net;

namespace ToolGateway.Load;

/// <summary>What a gateway holds while many agents are connected and silent.</summary>
internal static class Idle
{
    /// <summary>Resident megabytes of a fresh gateway before and with the connections, each of which made one call.</summary>
    public static async Task<(double Before, double With)> MeasureAsync(Scratch scratch, int connections)
    {
        var port = Scratch.FreePort();
        await using var gateway = await Child.StartAsync(
            "gateway", Path.Combine(scratch.Directory, "tls.json"), $"--ToolGateway:Listen:Address=https://127.0.0.1:{port}",
            string.Create(CultureInfo.InvariantCulture, $"--ToolGateway:Management:Probes=http://127.0.0.1:{Scratch.FreePort()}"), "--ToolGateway:Audit:Path=audit-idle");
        var before = gateway.ResidentMegabytes;
        var target = new Target("idle", new IPEndPoint(IPAddress.Loopback, port), Target.Get("/tools/crm/customers/########"), IsTls: true, scratch.AgentCertificate);
        var clients = Enumerable.Range(0, connections).Select(_ => new Client(target)).ToArray();
        foreach (var client in clients)
        {
            if (!await client.SendAsync(CancellationToken.None))
                throw new InvalidOperationException("a call of an idle connection was not answered with 200");
        }

        await Task.Delay(TimeSpan.FromSeconds(3));
        var with = gateway.ResidentMegabytes;
        foreach (var client in clients)
            await client.DisposeAsync();
        return (before, with);
    }
}
