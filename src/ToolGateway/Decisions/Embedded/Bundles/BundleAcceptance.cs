using ToolGateway.Hosting;

namespace ToolGateway.Decisions.Embedded.Bundles;

/// <summary>
/// Takes a bundle that came: verified, not older than what is in use or kept, and compiled before it replaces the kept one. The loader then puts it in effect.
/// </summary>
internal sealed class BundleAcceptance(SnapshotHolder snapshots, SnapshotReading reading)
{
    /// <summary>The answer, or why the bundle in it is refused.</summary>
    public BundleAnswer Accept(BundleAnswer answer)
    {
        var snapshot = snapshots.Current;
        var options = snapshot.Options.Decisions.Embedded;
        var files = reading.Files.Anew();
        var errors = new ConfigurationErrors();
        var keys = PolicyBundle.ReadKeys(options, files, errors);
        if (errors.Any || BundleStore.For(options, files.FullPath) is not { } store)
            return Refused(BundleResults.Invalid, errors.Items.Select(error => error.ToString()));
        var problems = new List<string>();
        if (PolicyBundle.Open(answer.Content, store.Path, options, keys, problems.Add) is not { } bundle)
            return Refused(BundleResults.Invalid, problems);
        var kept = store.ReadBundle(store.Path, options, keys);
        if ((BundleOrder.WhyRefused(snapshot.Policy?.Bundle, bundle, options) ?? BundleOrder.WhyRefused(kept, bundle, options)) is { } refusal)
            return Refused(BundleResults.Older, [refusal]);
        if (EmbeddedPolicy.Of(bundle, "bundle", options, problems.Add, snapshot.Policy) is null)
            return Refused(BundleResults.Invalid, problems);
        if (store.Holds(answer.Content, options.Bundle.MaxBytes))
            return answer with { Result = BundleResults.Unchanged, Content = default };
        return store.Write(answer.Content) is { } failure ? Refused(BundleResults.NotKept, [failure]) : answer with { Content = default };
    }

    private static BundleAnswer Refused(string result, IEnumerable<string> problems) => new(result, string.Join("; ", problems));
}
