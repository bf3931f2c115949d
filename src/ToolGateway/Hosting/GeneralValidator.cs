using ToolGateway.Audit;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded.Bundles;
using ToolGateway.Decisions.Opa;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Enforcement;

namespace ToolGateway.Hosting;

/// <summary>Checks what no single feature owns: addresses, limits and the choice of engine.</summary>
internal static class GeneralValidator
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(36_500);

    public static void Validate(ToolGatewayOptions options, FileSet files, ConfigurationErrors errors)
    {
        ValidateListen(options, errors);
        ValidateManagement(options.Management, errors);
        ValidatePublicUrl(options, errors);
        ValidateDecisions(options.Decisions, files, errors);
        ValidateAudit(options.Audit, files, errors);
        ValidateLimits(options.Limits, errors);
    }

    private static void ValidateListen(ToolGatewayOptions options, ConfigurationErrors errors)
    {
        var listen = options.Listen;
        var address = ListenerAddress.Parse(listen.Address, "Listen:Address", errors);
        if (string.IsNullOrWhiteSpace(listen.Address))
            errors.Add("Listen:Address", null, "missing; write https://address:port");
        if (address is { IsTls: false, IsLocal: false })
            errors.Add("Listen:Address", listen.Address, "a listener that others can reach needs TLS: write https://, or listen on loopback");
        if (address is not { IsTls: true })
            return;
        foreach (var (key, path) in new[] { ("Listen:CertificatePath", listen.CertificatePath), ("Listen:KeyPath", listen.KeyPath) })
        {
            if (string.IsNullOrWhiteSpace(path))
                errors.Add(key, null, "missing; https needs a PEM certificate chain and its key (toolgateway dev certs makes some to try)");
        }
    }

    private static void ValidateManagement(ManagementOptions management, ConfigurationErrors errors)
    {
        var probes = ListenerAddress.Parse(management.Probes, "Management:Probes", errors);
        if (probes is { IsTls: true })
            errors.Add("Management:Probes", management.Probes, "probes are served without TLS; write http:// or unix://");
        var address = ListenerAddress.Parse(management.Address, "Management:Address", errors);
        if (address is { IsLocal: false } && (!address.IsTls || management.AllowedIds.Count == 0))
        {
            errors.Add("Management:Address", management.Address,
                "administration needs loopback, a unix socket, or https together with Management:AllowedIds");
        }
    }

    private static void ValidatePublicUrl(ToolGatewayOptions options, ConfigurationErrors errors)
    {
        if (options.PublicUrl is null)
        {
            if (options.Identity.Issuers.Count > 0)
                errors.Add("PublicUrl", null, "missing; bearer tokens need the gateway's address as callers see it, such as https://gateway.example.com");
            return;
        }

        if (!Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url.Query.Length > 0 || url.Fragment.Length > 0 || options.PublicUrl.EndsWith('/') || (url.Scheme == "http" && !url.IsLoopback))
        {
            errors.Add("PublicUrl", options.PublicUrl, "write https://host[:port][/path] without query, fragment or trailing slash");
        }
    }

    private static void ValidateDecisions(DecisionOptions decisions, FileSet files, ConfigurationErrors errors)
    {
        OneOf(decisions.Engine, "Decisions:Engine", errors, "Embedded", "Opa");
        OneOf(decisions.Opa.WhenUnavailable, "Decisions:Opa:WhenUnavailable", errors, "Deny", "Embedded");
        if (decisions.Engine == "Opa" && string.IsNullOrWhiteSpace(decisions.Opa.Address))
            errors.Add("Decisions:Opa:Address", null, "missing; write http://127.0.0.1:8181 or unix:///path/opa.sock");
        if (decisions.Opa.Address is { Length: > 0 } address
            && (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "unix")))
        {
            errors.Add("Decisions:Opa:Address", address, "write http://host:port, https://host:port or unix:///path");
        }

        if (decisions.Engine == "Opa")
            OpaOptionsValidator.Validate(decisions.Opa, files, errors);
        BundleOptionsValidator.Validate(decisions.Embedded, files, errors);
        CandidateReader.Validate(decisions.Shadow, files, errors);
        Positive(decisions.Embedded.Timeout, "Decisions:Embedded:Timeout", errors);
        Positive(decisions.Embedded.MaxSteps, "Decisions:Embedded:MaxSteps", errors);
        Positive(decisions.Embedded.MaxMemoryBytes, "Decisions:Embedded:MaxMemoryBytes", errors);
        if (decisions.Cache.MaxEntries < 0)
            errors.Add("Decisions:Cache:MaxEntries", Text(decisions.Cache.MaxEntries), "write 0 (off) or more");
        if (decisions.Cache.MaxSeconds < 0)
            errors.Add("Decisions:Cache:MaxSeconds", Text(decisions.Cache.MaxSeconds), "write 0 (off) or more");
        if (decisions.Opa.CircuitFailureRatio is <= 0 or > 1)
            errors.Add("Decisions:Opa:CircuitFailureRatio", $"{decisions.Opa.CircuitFailureRatio}", "write a share above 0 and up to 1");
    }

    private static void ValidateAudit(AuditOptions audit, FileSet files, ConfigurationErrors errors)
    {
        OneOf(audit.Durability, "Audit:Durability", errors, "Written", "Synced");
        OneOf(audit.HighRiskDurability, "Audit:HighRiskDurability", errors, "Written", "Synced");
        if (string.IsNullOrWhiteSpace(audit.Path))
            errors.Add("Audit:Path", null, "missing; give a directory that only this instance writes to");
        else if (File.Exists(files.FullPath(audit.Path)))
            errors.Add("Audit:Path", audit.Path, "this is a file; give a directory that only this instance writes to");
        Positive(audit.Timeout, "Audit:Timeout", errors);
        Positive(audit.QueueLimit, "Audit:QueueLimit", errors);
        Positive(audit.UnauthenticatedPerSecond, "Audit:UnauthenticatedPerSecond", errors);
        Positive(audit.SegmentBytes, "Audit:SegmentBytes", errors);
        Positive(audit.SegmentAge, "Audit:SegmentAge", errors);
        Positive(audit.CheckpointRecords, "Audit:CheckpointRecords", errors);
        Positive(audit.CheckpointInterval, "Audit:CheckpointInterval", errors);
        if (audit.Retention is { } retention)
            Positive(retention, "Audit:Retention", errors);
    }

    private static void ValidateLimits(LimitOptions limits, ConfigurationErrors errors)
    {
        Positive(limits.MaxBodyBytes, "Limits:MaxBodyBytes", errors);
        Positive(limits.MaxHeaderCount, "Limits:MaxHeaderCount", errors);
        Positive(limits.MaxHeaderBytes, "Limits:MaxHeaderBytes", errors);
        Positive(limits.HeadersTimeout, "Limits:HeadersTimeout", errors);
        Positive(limits.MinBodyBytesPerSecond, "Limits:MinBodyBytesPerSecond", errors);
        Positive(limits.BodyTimeout, "Limits:BodyTimeout", errors);
        Positive(limits.MaxConnections, "Limits:MaxConnections", errors);
        Positive(limits.MaxInspectedResponseBytes, "Limits:MaxInspectedResponseBytes", errors);
        if (limits.MaxInspectedResponseBytes > Array.MaxLength)
            errors.Add("Limits:MaxInspectedResponseBytes", Text(limits.MaxInspectedResponseBytes), $"what is inspected is held in memory; write at most {Array.MaxLength}");
        foreach (var (key, rate) in new[] { ("PerSource", limits.PerSource), ("PerCaller", limits.PerCaller), ("PerTool", limits.PerTool) })
        {
            Positive(rate.PerSecond, $"Limits:{key}:PerSecond", errors);
            Positive(rate.Concurrent, $"Limits:{key}:Concurrent", errors);
        }
    }

    private static void OneOf(string value, string key, ConfigurationErrors errors, params string[] allowed)
    {
        if (!allowed.Contains(value, StringComparer.Ordinal))
            errors.Add(key, value, $"write {string.Join(" or ", allowed)}");
    }

    private static void Positive(TimeSpan value, string key, ConfigurationErrors errors)
    {
        // Beyond this, sums of times and timestamps overflow, and what was to be late would be over at once.
        if (value <= TimeSpan.Zero || value > LongestTime)
            errors.Add(key, value.ToString(), $"write a time above zero and up to {LongestTime.TotalDays} days");
    }

    private static void Positive(long value, string key, ConfigurationErrors errors)
    {
        if (value <= 0)
            errors.Add(key, Text(value), "write a number above zero");
    }

    private static string Text(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
