using System.Globalization;
using ToolGateway.Hosting;

namespace ToolGateway.Decisions.Opa;

/// <summary>Checks what the sidecar's client needs, the files it reads included.</summary>
internal static class OpaOptionsValidator
{
    private const string Key = "Decisions:Opa";

    /// <summary>Bounds of the resilience pipeline.</summary>
    private static readonly (TimeSpan Least, TimeSpan Most) Timeouts = (TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
    private static readonly (TimeSpan Least, TimeSpan Most) Windows = (TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(10));

    public static void Validate(OpaOptions options, FileSet files, ConfigurationErrors errors)
    {
        Between(options.Timeout, Timeouts, nameof(options.Timeout), errors);
        Between(options.CircuitWindow, Windows, nameof(options.CircuitWindow), errors);
        Between(options.CircuitBreak, Windows, nameof(options.CircuitBreak), errors);
        if (options.CircuitMinimumCalls < 2)
            errors.Add($"{Key}:CircuitMinimumCalls", options.CircuitMinimumCalls.ToString(CultureInfo.InvariantCulture), "write 2 or more");
        foreach (var (name, path) in new[] { (nameof(options.Path), options.Path), (nameof(options.VisiblePath), options.VisiblePath) })
        {
            if (string.IsNullOrWhiteSpace(path) || path.StartsWith('/') || path.StartsWith("data.", StringComparison.Ordinal))
                errors.Add($"{Key}:{name}", path, "write the document's path below /v1/data, such as toolgateway/decision");
        }

        if (options.Address is { } address && address.StartsWith("unix:", StringComparison.Ordinal) && !address.StartsWith("unix:///", StringComparison.Ordinal))
            errors.Add($"{Key}:Address", address, "a unix socket needs an absolute path: write unix:///path/opa.sock");
        var credentials = OpaTransport.Credentials(options, files.FullPath);
        if (!credentials.TryReload(out var problem))
            errors.Add(Key, null, $"TokenFile, CaPath, ClientCertificatePath or ClientKeyPath cannot be used: {problem}");
    }

    private static void Between(TimeSpan value, (TimeSpan Least, TimeSpan Most) bounds, string name, ConfigurationErrors errors)
    {
        if (value < bounds.Least || value > bounds.Most)
            errors.Add($"{Key}:{name}", value.ToString(), $"write a time from {bounds.Least} to {bounds.Most}");
    }
}
