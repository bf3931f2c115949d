using System.Collections.Frozen;
using ToolGateway.Hosting;
using ToolGateway.ToolCalls.Mcp;
using Yarp.ReverseProxy.Configuration;

namespace ToolGateway.ToolCalls.Catalogue;

/// <summary>Builds one tool.</summary>
internal sealed class ToolBuilder(
    string name, ToolOptions options, IReadOnlyDictionary<string, ClusterConfig> clusters, FileSet files, ConfigurationErrors errors)
{
    private readonly string _key = $"Tools:{name}";

    public (Tool Tool, ClusterConfig Cluster)? Build()
    {
        if (!Names.IsValid(name))
            errors.Add(_key, name, Names.Repair);
        if (string.IsNullOrWhiteSpace(options.Owner))
            errors.Add($"{_key}:Owner", options.Owner, "say who answers for the tool, such as a team's address");
        CheckTimeout();
        CheckMcp();
        var isMcp = Choice(nameof(ToolOptions.Protocol), options.Protocol, "http", ["http", "mcp"]) == "mcp";
        var risk = RiskOf($"{_key}:Risk", options.Risk, Risk.High, errors);
        var upstream = new UpstreamReader(name, options, clusters, errors).Read();
        var actions = new ActionsBuilder(_key, options, isMcp, risk, errors).Build();
        var tool = new Tool
        {
            Name = name,
            IsMcp = isMcp,
            Owner = options.Owner ?? "",
            Environment = options.Environment,
            Tenant = options.Tenant,
            Destination = options.Destination,
            Data = options.Data,
            Risk = risk,
            Authentication = Choice(nameof(ToolOptions.Authentication), options.Authentication, "any", ["any", "mtls", "jwt", "both"]),
            ClusterId = upstream?.Cluster.ClusterId ?? "",
            UpstreamPath = upstream?.Path ?? "",
            Credential = CredentialReader.Read(name, options.Credential, files, errors),
            ForwardHeaders = ForwardHeaders(),
            AllowUpgrade = options.AllowUpgrade,
            ServerTiming = options.ServerTiming,
            Timeout = options.Timeout,
            Actions = actions.ByName,
            Routes = actions.Routes,
            Mcp = options.Mcp,
            Pins = string.IsNullOrEmpty(options.Mcp.PinPath) ? null : ToolPinFile.Read(options.Mcp.PinPath, $"{_key}:Mcp:PinPath", files, errors),
        };
        return upstream is null ? null : (tool, upstream.Cluster);
    }

    private void CheckMcp()
    {
        Choice("Mcp:DenyAs", options.Mcp.DenyAs, "error", ["error", "result"]);
        if (options.Mcp.DenyCode is >= -32768 and <= -32000)
        {
            errors.Add($"{_key}:Mcp:DenyCode", options.Mcp.DenyCode.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "the specification keeps -32768 to -32000 for itself; write a code outside, such as 403");
        }
    }

    public static Risk RiskOf(string key, string? text, Risk whenAbsent, ConfigurationErrors errors)
    {
        switch (text)
        {
            case null or "":
                return whenAbsent;
            case "low":
                return Risk.Low;
            case "medium":
                return Risk.Medium;
            case "high":
                return Risk.High;
            default:
                errors.Add(key, text, "write low, medium or high");
                return Risk.High;
        }
    }

    private void CheckTimeout()
    {
        if (options.Timeout <= TimeSpan.Zero || options.Timeout > TimeSpan.FromHours(1))
            errors.Add($"{_key}:Timeout", options.Timeout.ToString(), "give a time from 00:00:00.001 to 01:00:00");
    }

    private string Choice(string option, string? text, string whenAbsent, string[] choices)
    {
        if (string.IsNullOrEmpty(text))
            return whenAbsent;
        if (!choices.Contains(text, StringComparer.Ordinal))
            errors.Add($"{_key}:{option}", text, $"write {string.Join(" or ", choices)}");
        return text;
    }

    private FrozenSet<string> ForwardHeaders()
    {
        foreach (var header in options.ForwardHeaders)
        {
            if (!HeaderNames.IsToken(header))
                errors.Add($"{_key}:ForwardHeaders", header, "this is not a header name; remove it");
            else if (ForbiddenHeaders.Contains(header) || string.Equals(header, options.Credential?.Header, StringComparison.OrdinalIgnoreCase))
                errors.Add($"{_key}:ForwardHeaders", header, "callers may not send this header to a tool; remove it");
        }

        return options.ForwardHeaders.Select(static header => header.ToLowerInvariant()).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
