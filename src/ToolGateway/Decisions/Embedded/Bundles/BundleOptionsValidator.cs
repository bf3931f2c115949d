using System.Globalization;
using ToolGateway.Hosting;

namespace ToolGateway.Decisions.Embedded.Bundles;

/// <summary>Checks the section <c>Decisions:Embedded:Bundle</c>, the files of its credentials included.</summary>
internal static class BundleOptionsValidator
{
    private const string Section = "Decisions:Embedded:Bundle";
    private const int MostBytes = 1 << 30;

    private static readonly (TimeSpan Least, TimeSpan Most) Delays = (TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1));
    private static readonly (TimeSpan Least, TimeSpan Most) Timeouts = (TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
    private static readonly (TimeSpan Least, TimeSpan Most) Waits = (TimeSpan.Zero, TimeSpan.FromHours(1));

    public static ServiceCredentials Credentials(BundleOptions options, Func<string, string> fullPath) =>
        new(new ServiceCredentialFiles(options.TokenFile, options.CaPath, options.ClientCertificatePath, options.ClientKeyPath), Section, fullPath);

    public static void Validate(EmbeddedOptions embedded, FileSet files, ConfigurationErrors errors)
    {
        var options = embedded.Bundle;
        Between(options.MinDelay, Delays, nameof(options.MinDelay), errors);
        Between(options.MaxDelay, Delays, nameof(options.MaxDelay), errors);
        Between(options.Timeout, Timeouts, nameof(options.Timeout), errors);
        Between(options.LongPollingTimeout, Waits, nameof(options.LongPollingTimeout), errors);
        if (options.MinDelay > options.MaxDelay)
            errors.Add($"{Section}:MinDelay", options.MinDelay.ToString(), $"longer than MaxDelay ({options.MaxDelay}); write less, or raise MaxDelay");
        Between(options.MaxBytes, nameof(options.MaxBytes), errors);
        Between(options.MaxUnpackedBytes, nameof(options.MaxUnpackedBytes), errors);
        Between(options.MaxEntries, nameof(options.MaxEntries), errors);
        if (options.PersistPath is { Length: > 0 } path && (path.EndsWith('/') || Directory.Exists(files.FullPath(path))))
            errors.Add($"{Section}:PersistPath", path, "a directory; name a file in it, such as bundle.tar.gz");
        if (options.Url is null)
            ValidateUnused(embedded, errors);
        else
            ValidateService(embedded, files, errors);
    }

    private static void ValidateService(EmbeddedOptions embedded, FileSet files, ConfigurationErrors errors)
    {
        var options = embedded.Bundle;
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var address) || !BundleClient.IsAllowed(address) || address.Fragment.Length > 0)
            errors.Add($"{Section}:Url", Shown(options.Url!), "write https://host[:port]/path of the bundle; http only on loopback");
        else if (address.UserInfo.Length > 0 || address.Query.Length > 0)
            errors.Add($"{Section}:Url", Shown(options.Url!), "has a user name or a query, where secrets would be shown; remove it and use TokenFile or ClientCertificatePath");
        if (embedded.PolicyPath is { Length: > 0 } policy && policy != new EmbeddedOptions().PolicyPath)
            errors.Add("Decisions:Embedded:PolicyPath", policy, "there is a bundle service as well (Bundle:Url); remove one of the two");
        if (string.IsNullOrWhiteSpace(options.PersistPath))
            errors.Add($"{Section}:PersistPath", null, "missing; name the file that keeps the last good bundle, in a directory that only this instance writes to");
        if (!Credentials(options, files.FullPath).TryReload(out var problem))
            errors.Add(Section, null, $"TokenFile, CaPath, ClientCertificatePath or ClientKeyPath cannot be used: {problem}");
    }

    private static void ValidateUnused(EmbeddedOptions embedded, ConfigurationErrors errors)
    {
        var options = embedded.Bundle;
        foreach (var (name, value) in new[]
        {
            (nameof(options.TokenFile), options.TokenFile), (nameof(options.CaPath), options.CaPath),
            (nameof(options.ClientCertificatePath), options.ClientCertificatePath), (nameof(options.ClientKeyPath), options.ClientKeyPath),
        })
        {
            if (value is not null)
                errors.Add($"{Section}:{name}", value, "only a bundle service has it; set Url, or remove this");
        }

        if (options.PersistPath is { } path && !PolicyBundle.IsBundle(embedded.PolicyPath ?? ""))
            errors.Add($"{Section}:PersistPath", path, "only bundles are kept; set Url, or let PolicyPath name a bundle (*.tar.gz), or remove this");
    }

    /// <summary>An address without what may be secret in it.</summary>
    private static string Shown(string url) => url.Split('@')[^1].Split('?')[0];

    private static void Between(TimeSpan value, (TimeSpan Least, TimeSpan Most) bounds, string name, ConfigurationErrors errors)
    {
        if (value < bounds.Least || value > bounds.Most)
            errors.Add($"{Section}:{name}", value.ToString(), $"write a time from {bounds.Least} to {bounds.Most}");
    }

    private static void Between(int value, string name, ConfigurationErrors errors)
    {
        if (value is < 1 or > MostBytes)
            errors.Add($"{Section}:{name}", value.ToString(CultureInfo.InvariantCulture), $"write a number from 1 to {MostBytes}");
    }
}
