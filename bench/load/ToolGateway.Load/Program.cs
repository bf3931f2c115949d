using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using ToolGateway.Load;

if (args is [not "run", ..])
    return await Servers.RunAsync(args[0], args[1..]);
var arguments = new Arguments([.. args.Skip(1)], ["--quick", "--growth"], ["--opa", "--rows", "--trial"]);
if (arguments.Error is { } error)
{
    Console.Error.WriteLine(error);
    return 2;
}

var quick = arguments.Has("--quick");
var repository = Repository();
var effort = arguments["--trial"] is not null ? Effort.Trial : arguments.Has("--growth") ? Effort.Growth : quick ? Effort.Quick : Effort.Whole;
var results = arguments["--trial"] ?? Path.Combine(repository, "bench", "results");
if (arguments.Has("--growth"))
    return await Growth.RunAsync(repository, results, effort);
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
    new(Matrix.YarpRow, At(yarpPort), Target.Get("/customers/########"), Server: yarp),
    new(Matrix.GatewayRow, At(scratch.GatewayPort), Target.Get("/tools/crm/customers/########", scratch.Token), Server: gateway),
    new("4 gateway, cached decisions", At(scratch.GatewayPort), Target.Get("/tools/crm/cached/42", scratch.Token), Server: gateway),
    new("5 gateway, MCP tools/call", At(scratch.GatewayPort), Target.ToolsCall(scratch.Token), Server: gateway),
    new("8 bare YARP, mTLS", At(tlsYarpPort), Target.Get("/customers/########"), IsTls: true, scratch.AgentCertificate, tlsYarp),
    new("8 gateway, mTLS", At(scratch.TlsGatewayPort), Target.Get("/tools/crm/customers/########"), IsTls: true, scratch.AgentCertificate, tlsGateway),
];
await using var opa = arguments["--opa"] is { } binary ? await Opa.StartAsync(binary, scratch, toolPort) : null;
Target[] all = [.. targets, .. opa?.Targets ?? []];
var wanted = arguments["--rows"]?.Split(',');
var rows = await new Matrix([.. all.Where(target => wanted?.Contains(target.Name[..1], StringComparer.Ordinal) ?? true)], effort).RunAsync();
if (wanted is not null)
{
    Console.WriteLine(Report.Table(rows, new Dictionary<string, string>(), await Stages.ReadAsync(scratch.ProbesPort)));
    return 0;
}

var idle = await Idle.MeasureAsync(scratch, effort.Idle);
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
    idle_mtls_connections = effort.Idle,
    resident_mb_with_idle_mtls_connections = idle.With,
};
var goals = Goals.Of(rows, idle.With, gateway.ReadyAfter);
Report.Write(results, rows, goals, skipped, facts, await Stages.ReadAsync(scratch.ProbesPort), await Stages.ReadAsync(scratch.TlsProbesPort));
return rows.Any(row => row.Errors > 0) ? 1 : 0;

static string Repository()
{
    var directory = AppContext.BaseDirectory;
    while (!File.Exists(Path.Combine(directory, "ToolGateway.sln")))
        directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("run this inside the repository");
    return directory;
}
