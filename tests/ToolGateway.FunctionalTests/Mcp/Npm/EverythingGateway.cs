using System.Text.Json.Nodes;
using ToolGateway.Host.Dev;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Mcp.Npm;

/// <summary>The gateway before a <see cref="NodeServer"/>, with a policy that grants everything but what a test says.</summary>
internal static class EverythingGateway
{
    public static Task<GatewayFixture> StartAsync(NodeServer server, string denied = "", string hidden = "", Action<GatewayFixture>? configure = null) =>
        GatewayFixture.StartAsync(gateway =>
        {
            gateway.Configuration["Tools"]!["everything"] = new JsonObject { ["Protocol"] = "mcp", ["Upstream"] = server.Url, ["Owner"] = "team-tests@acme.test" };
            Directory.Delete(gateway.PolicyDirectory, recursive: true);
            DevFiles.Write(gateway.PolicyDirectory, "all.rego", $$"""
                package toolgateway

                visible := {action | some action in input.candidates; action != "{{hidden}}"}

                default allow := false

                allow if {
                	input.subject.type != "canary"
                	input.action.name != "{{denied}}"
                }

                reasons contains "not_granted" if not allow

                decision := {"allow": allow, "reasons": reasons, "obligations": []}
                """);
            configure?.Invoke(gateway);
        });

    /// <summary>What a program on Node needs to know to call the gateway.</summary>
    public static Dictionary<string, string> Environment(GatewayFixture gateway)
    {
        DevFiles.Write(gateway.Directory, "authority.pem", gateway.Certificates.Authority.ExportCertificatePem());
        return new()
        {
            ["TOKEN"] = gateway.Token(),
            ["NODE_EXTRA_CA_CERTS"] = System.IO.Path.Combine(gateway.Directory, "authority.pem"),
        };
    }
}
