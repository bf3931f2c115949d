using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolGateway.Hosting;

/// <summary>The configuration in effect, for operators. It names files that hold secrets and never their content.</summary>
internal static class EffectiveConfiguration
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(GatewaySnapshot snapshot) => new JsonObject
    {
        ["configuration_revision"] = snapshot.ConfigurationRevision,
        ["policy_revision"] = snapshot.Policy?.Revision,
        [ToolGatewayOptions.Section] = JsonSerializer.SerializeToNode(snapshot.Options),
    }.ToJsonString(Indented);
}
