using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ToolGateway.Load;

/// <summary>The rows that need an OPA: the gateway with a sidecar, OPA's own Data API, and nginx <c>auth_request</c> in front of OPA with the token verified in Rego.</summary>
internal sealed class Opa : IAsyncDisposable
{
    public const string Nginx = "/usr/sbin/nginx";

    private readonly List<Process> _processes = [];
    private readonly List<Child> _gateways = [];

    public List<Target> Targets { get; } = [];

    public static async Task<Opa> StartAsync(string path, Scratch scratch, int toolPort)
    {
        var rows = new Opa();
        try
        {
            await rows.StartSidecarAsync(path, scratch);
            if (File.Exists(Nginx))
                await rows.StartNginxAsync(path, scratch, toolPort);
            return rows;
        }
        catch
        {
            await rows.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
            await gateway.DisposeAsync();
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private async Task StartSidecarAsync(string path, Scratch scratch)
    {
        var port = Scratch.FreePort();
        var socket = Path.Combine(scratch.Directory, "opa.sock");
        await RunAsync(
            path, port, "run", "--server", "--log-level=error", $"--addr=unix://{socket}", $"--addr=127.0.0.1:{port}", Path.Combine(scratch.Directory, "policies"));
        Targets.Add(new Target("6 OPA's Data API itself", At(port), Target.Post("/v1/data/toolgateway/decision?strict-builtin-errors=true&provenance=true", Question)));
        await AddGatewayAsync("6 gateway, OPA on unix socket", $"unix://{socket}", scratch);
        await AddGatewayAsync("6 gateway, OPA on TCP", $"http://127.0.0.1:{port}", scratch);
    }

    private async Task AddGatewayAsync(string name, string address, Scratch scratch)
    {
        var port = Scratch.FreePort();
        var gateway = await Child.StartAsync(
            "gateway", Path.Combine(scratch.Directory, "plain.json"), $"--ToolGateway:Listen:Address=http://127.0.0.1:{port}",
            $"--ToolGateway:Management:Probes=http://127.0.0.1:{Scratch.FreePort()}", $"--ToolGateway:Audit:Path=audit-opa-{port}",
            "--ToolGateway:Decisions:Engine=Opa", $"--ToolGateway:Decisions:Opa:Address={address}");
        _gateways.Add(gateway);
        Targets.Add(new Target(name, At(port), Target.Get("/tools/crm/customers/########", scratch.Token), Server: gateway));
    }

    private async Task StartNginxAsync(string path, Scratch scratch, int toolPort)
    {
        var (port, opaPort) = (Scratch.FreePort(), Scratch.FreePort());
        var directory = Directory.CreateDirectory(Path.Combine(scratch.Directory, "nginx")).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "authz.rego"), Authorization);
        var keys = await File.ReadAllTextAsync(Path.Combine(scratch.Directory, "jwks.json"));
        await File.WriteAllTextAsync(Path.Combine(directory, "data.json"), JsonSerializer.Serialize(new { load = new { keys, issuer = Scratch.Issuer } }));
        await RunAsync(
            path, opaPort, "run", "--server", "--log-level=error", $"--addr=127.0.0.1:{opaPort}", Path.Combine(directory, "authz.rego"), Path.Combine(directory, "data.json"));
        var configuration = Path.Combine(directory, "nginx.conf");
        await File.WriteAllTextAsync(configuration, NginxConfiguration(directory, opaPort, port, toolPort));
        await RunAsync(Nginx, port, "-p", directory, "-e", Path.Combine(directory, "error.log"), "-c", configuration);
        Targets.Add(new Target("7 nginx auth_request and OPA", At(port), Target.Get("/customers/########", scratch.Token)));
    }

    private async Task RunAsync(string file, int port, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(file, arguments)) ?? throw new InvalidOperationException($"{file} did not start");
        _processes.Add(process);
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (process.HasExited)
                throw new InvalidOperationException($"{file} ended with exit code {process.ExitCode}");
            if (await ListensAsync(port))
                return;
            await Task.Delay(50);
        }

        throw new InvalidOperationException($"{file} does not listen on port {port}");
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static IPEndPoint At(int port) => new(IPAddress.Loopback, port);

    private const string Question = """
        {"input":{"subject":{"type":"agent","id":"spiffe://load.test/agent/load","properties":{"authentication":"jwt","name":"load","registered":true,"owner":"load@load.test","environment":null,"tenant":null,"review_overdue":false,"issuer":"https://issuer.load.test","claims":{}}},"action":{"name":"customers.read","properties":{"method":"GET","risk":"low","effect":"read"}},"resource":{"type":"tool","id":"crm","properties":{"protocol":"http","owner":"crm@load.test","environment":null,"tenant":null,"data":[],"destination":null}},"context":{"arguments":{"path":{"id":"########"},"query":{},"body":null},"intent":{"task":null,"purpose":null,"verified":false},"delegation":null,"mcp":null,"request":{"id":"0","remote_address":"127.0.0.1","time":"2026-01-01T00:00:00.000Z"}}}}
        """;

    // Undefined is a 404 of this API, which auth_request does not let pass.
    private const string Authorization = """
        package authz

        allow := true if {
        	[valid, _, payload] := io.jwt.decode_verify(trim_prefix(input.token, "Bearer "), {"cert": data.load.keys, "iss": data.load.issuer, "aud": "load"})
        	valid
        	payload.sub == "load"
        	input.method == "GET"
        	startswith(input.path, "/customers/")
        }
        """;

    private static string NginxConfiguration(string directory, int opaPort, int port, int toolPort) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        master_process on;
        worker_processes auto;
        pid {{directory}}/nginx.pid;
        error_log {{directory}}/error.log error;
        events { worker_connections 4096; }
        http {
          access_log {{directory}}/access.log;
          client_body_temp_path {{directory}}/body; proxy_temp_path {{directory}}/proxy; fastcgi_temp_path {{directory}}/fastcgi; uwsgi_temp_path {{directory}}/uwsgi; scgi_temp_path {{directory}}/scgi;
          keepalive_requests 100000000;
          upstream tool { server 127.0.0.1:{{toolPort}}; keepalive 256; keepalive_requests 100000000; }
          upstream opa { server 127.0.0.1:{{opaPort}}; keepalive 256; keepalive_requests 100000000; }
          server {
            listen 127.0.0.1:{{port}};
            location / {
              auth_request /_authz;
              proxy_pass http://tool;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
            }
            location = /_authz {
              internal;
              proxy_pass http://opa/v0/data/authz/allow;
              proxy_method POST;
              proxy_set_body '{"token":"$http_authorization","method":"$request_method","path":"$request_uri"}';
              proxy_set_header Content-Type application/json;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
            }
          }
        }
        """);
}
