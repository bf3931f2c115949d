using ToolGateway.Hosting;
using ToolGateway.Rego.Bundles;

namespace ToolGateway.Decisions.Embedded.Bundles;

/// <summary>
/// The policy where a bundle service delivers it: the bundle that was kept last. The service's client replaces that file, and the loader notices it like any other.
/// </summary>
internal static class PersistedPolicy
{
    private const string Key = "Decisions:Embedded:Bundle:PersistPath";

    /// <summary>The kept policy. Without one, a gateway that starts goes on and says why it decides nothing; one that runs keeps what it has.</summary>
    public static (EmbeddedPolicy? Policy, string? Problem) Load(EmbeddedOptions options, FileSet files, ConfigurationErrors errors, EmbeddedPolicy? previous)
    {
        var before = errors.Items.Count;
        var keys = PolicyBundle.ReadKeys(options, files, errors);
        if (options.Bundle.PersistPath is not { Length: > 0 } path || errors.Items.Count > before)
            return default;
        var problems = new List<string>();
        if (Read(options, path, files, keys, previous, problems.Add) is { } policy)
            return (policy, null);
        var problem = string.Join("; ", problems);
        if (previous is null)
            return (null, problem);
        errors.Add(Key, path, $"{problem}; the policy in use stays until the bundle service delivers again (going over to a bundle service takes a restart)");
        return default;
    }

    private static EmbeddedPolicy? Read(
        EmbeddedOptions options, string path, FileSet files, IReadOnlyList<RegoBundleKey> keys, EmbeddedPolicy? previous, Action<string> report)
    {
        var place = files.FullPath(path);
        var unreadable = new ConfigurationErrors();
        if (files.Read(path, Key, unreadable) is not { } packed)
        {
            report(File.Exists(place) ? unreadable.Items[0].Repair : "the bundle service has delivered nothing yet, and no bundle is kept");
            return null;
        }

        if (PolicyBundle.Open(packed, place, options, keys, problem => report($"the kept bundle: {problem}")) is not { } bundle)
            return null;
        if (BundleOrder.WhyRefused(previous?.Bundle, bundle, options) is { } refusal)
        {
            report($"the kept bundle: {refusal}");
            return null;
        }

        return EmbeddedPolicy.Of(bundle, path, options, report, previous);
    }
}
