using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using ToolGateway.Load;

if (args is [not "run", ..])
    return await Servers.RunAsync(args[0], args[1..]);
var quick = args.Contains("--quick");
var repository = Repository();
if (args.Contains("--growth"))
    return await Growth.RunAsync(repository);
var toolPort = Scratch.FreePort();
using var scratch = new Scratch(repository, toolPort);
var yarpPort = Scratch.FreePort();
var tlsYarpPort = Scratch.FreePort();
var tool = $"http://127.0.0.1:{toolPort}/";
await using var toolServer = await Child.StartAsync("tool", toolPort.ToString(CultureInfo.InvariantCulture));
await using var yarp = await Child.StartAsync("yarp", yarpPort.ToString(CultureInfo.InvariantCulture), tool);
await using var tlsYarp = await Child.StartAsync(
    "yarp", tlsYarpPort.ToString(CultureInfo.InvariantCulture), tool, Path.Combine(scratch.Directory, "gateway.pem"), Path.Combine(scratch.Directory, "gateway.key"));
await using var gateway = await Child.StartAsync("gateway", Path.Combine(scratch.Directory, "plain.json"));
await using var tlsGateway = await Child.StartAsync("gateway", Path.Combine(scratch.Directory, "tls.json"));

IPEndPoint At(int port) => new(IPAddress.Loopback, port);
Target[] targets =
[
    new("1 tool directly", At(toolPort), Target.Get("/customers/########"), Server: toolServer),
    new("2 bare YARP", At(yarpPort), Target.Get("/customers/########"), Server: yarp),
    new("3 gateway, distinct arguments", At(scratch.GatewayPort), Target.Get("/tools/crm/customers/########", scratch.Token), Server: gateway),
    new("4 gateway, cached decisions", At(scratch.GatewayPort), Target.Get("/tools/crm/cached/42", scratch.Token), Server: gateway),
    new("5 gateway, MCP tools/call", At(scratch.GatewayPort), Target.ToolsCall(scratch.Token), Server: gateway),
    new("8 bare YARP, mTLS", At(tlsYarpPort), Target.Get("/customers/########"), IsTls: true, scratch.AgentCertificate, tlsYarp),
    new("8 gateway, mTLS", At(scratch.TlsGatewayPort), Target.Get("/tools/crm/customers/########"), IsTls: true, scratch.AgentCertificate, tlsGateway),
];
await using var opa = Array.IndexOf(args, "--opa") is var at and >= 0 && at + 1 < args.Length ? await Opa.StartAsync(args[at + 1], scratch, toolPort) : null;
Target[] all = [.. targets, .. opa?.Targets ?? []];
var wanted = Array.IndexOf(args, "--rows") is var list and >= 0 && list + 1 < args.Length ? args[list + 1].Split(',') : null;
var rows = await new Matrix([.. all.Where(target => wanted?.Contains(target.Name[..1], StringComparer.Ordinal) ?? true)], quick).RunAsync();
if (wanted is not null)
{
    Console.WriteLine(Report.Table(rows, new Dictionary<string, string>(), await Stages.ReadAsync(scratch.ProbesPort)));
    return 0;
}

var idle = await Idle.MeasureAsync(scratch);
var skipped = new Dictionary<string, string>(StringComparer.Ordinal);
if (opa is null)
    skipped["6 gateway, OPA sidecar"] = "no OPA was given (--opa PATH)";
if (opa is null || !File.Exists(Opa.Nginx))
    skipped["7 nginx auth_request and OPA"] = opa is null ? "no OPA was given (--opa PATH)" : $"there is no {Opa.Nginx}";
var facts = new
{
    date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    cores = Environment.ProcessorCount,
    os = RuntimeInformation.OSDescription,
    runtime = RuntimeInformation.FrameworkDescription,
    quick,
    ready_ms = gateway.ReadyAfter.TotalMilliseconds,
    gateway_resident_mb = gateway.ResidentMegabytes,
    fresh_resident_mb = idle.Before,
    resident_mb_with_1000_idle_mtls_connections = idle.With,
};
Report.Write(Path.Combine(repository, "bench", "results"), rows, skipped, facts, await Stages.ReadAsync(scratch.ProbesPort), await Stages.ReadAsync(scratch.TlsProbesPort));
return rows.Any(row => row.Errors > 0) ? 1 : 0;

static string Repository()
{
    var directory = AppContext.BaseDirectory;
    while (!File.Exists(Path.Combine(directory, "ToolGateway.sln")))
        directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("run this inside the repository");
    return directory;
}
