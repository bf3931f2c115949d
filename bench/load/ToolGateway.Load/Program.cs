using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using ToolGateway.Load;

if (args is [not "run", ..])
    return await Servers.RunAsync(args[0], args[1..]);
var quick = args.Contains("--quick");
var repository = Repository();
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
const string McpBody = """
    {"jsonrpc":"2.0","id":"########","method":"tools/call","params":{"name":"read_file","arguments":{"path":"/a"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}
    """;
const string McpHeaders = "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: read_file\r\n";
Target[] targets =
[
    new("1 tool directly", At(toolPort), Target.Get("/customers/########")),
    new("2 bare YARP", At(yarpPort), Target.Get("/customers/########")),
    new("3 gateway, distinct arguments", At(scratch.GatewayPort), Target.Get("/tools/crm/customers/########", scratch.Token)),
    new("4 gateway, cached decisions", At(scratch.GatewayPort), Target.Get("/tools/crm/cached/42", scratch.Token)),
    new("5 gateway, MCP tools/call", At(scratch.GatewayPort), Target.Post("/tools/files", McpBody, scratch.Token, McpHeaders)),
    new("8 bare YARP, mTLS", At(tlsYarpPort), Target.Get("/customers/########"), IsTls: true, scratch.AgentCertificate),
    new("8 gateway, mTLS", At(scratch.TlsGatewayPort), Target.Get("/tools/crm/customers/########"), IsTls: true, scratch.AgentCertificate),
];
var rows = await new Matrix(targets, quick).RunAsync();
var skipped = new Dictionary<string, string>(StringComparer.Ordinal)
{
    ["6 gateway, OPA sidecar"] = "no OPA was given (--opa PATH)",
    ["7 nginx auth_request and OPA"] = "no OPA was given (--opa PATH)",
};
var facts = new
{
    date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    cores = Environment.ProcessorCount,
    os = RuntimeInformation.OSDescription,
    runtime = RuntimeInformation.FrameworkDescription,
    quick,
    ready_ms = gateway.ReadyAfter.TotalMilliseconds,
    gateway_resident_mb = gateway.ResidentMegabytes,
};
Report.Write(Path.Combine(repository, "bench", "results"), rows, skipped, facts, await Stages.ReadAsync(scratch.ProbesPort));
return rows.Any(row => row.Errors > 0) ? 1 : 0;

static string Repository()
{
    var directory = AppContext.BaseDirectory;
    while (!File.Exists(Path.Combine(directory, "ToolGateway.sln")))
        directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("run this inside the repository");
    return directory;
}
