using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolGateway.Hosting;

/// <summary>Sections that are read once at start: sockets, the log and limits of the server cannot change under running calls.</summary>
internal static class FixedSections
{
    public static IEnumerable<string> Changed(ToolGatewayOptions current, ToolGatewayOptions next)
    {
        if (Differs(current.Listen, next.Listen))
            yield return nameof(ToolGatewayOptions.Listen);
        if (Differs(current.Management, next.Management))
            yield return nameof(ToolGatewayOptions.Management);
        if (Differs(current.Audit, next.Audit))
            yield return nameof(ToolGatewayOptions.Audit);
        if (Differs(current.Limits, next.Limits))
            yield return nameof(ToolGatewayOptions.Limits);
        if (Differs(current.Telemetry, next.Telemetry))
            yield return nameof(ToolGatewayOptions.Telemetry);
        if (Differs(WithoutShadow(current), WithoutShadow(next)))
            yield return nameof(ToolGatewayOptions.Decisions);
    }

    /// <summary>A candidate comes and goes while the gateway runs.</summary>
    private static JsonNode WithoutShadow(ToolGatewayOptions options)
    {
        var decisions = JsonSerializer.SerializeToNode(options.Decisions)!;
        decisions.AsObject().Remove(nameof(options.Decisions.Shadow));
        return decisions;
    }

    private static bool Differs<T>(T a, T b) => JsonSerializer.Serialize(a) != JsonSerializer.Serialize(b);
}
