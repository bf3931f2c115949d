using ToolGateway.Decisions.Embedded.Bundles;
using ToolGateway.Hosting;
using ToolGateway.Rego;
using ToolGateway.Rego.Limits;

namespace ToolGateway.Decisions.Embedded;

/// <summary>A compiled policy with its prepared entry points. Immutable; shared by all calls of a snapshot.</summary>
internal sealed class EmbeddedPolicy
{
    private const string PathKey = "Decisions:Embedded:PolicyPath";
    private const int MaxCallDepth = 256;

    private EmbeddedPolicy(RegoPolicy policy, EntryPoint decision, EntryPoint visible, RegoEvaluationOptions evaluation, PolicyBundle? bundle)
    {
        Revision = policy.Revision;
        Policy = policy;
        Decision = decision;
        Visible = visible;
        Evaluation = evaluation;
        Bundle = bundle;
    }

    /// <summary>The revision that the <c>.manifest</c> of the directory or bundle states, or a digest of the files.</summary>
    public string Revision { get; }

    public RegoPolicy Policy { get; }

    public EntryPoint Decision { get; }

    public EntryPoint Visible { get; }

    public RegoEvaluationOptions Evaluation { get; }

    /// <summary>The bundle that it came from; null for a directory.</summary>
    public PolicyBundle? Bundle { get; }

    private int RegoVersion => Bundle?.Content.RegoVersion ?? PolicyFiles.DefaultRegoVersion;

    /// <summary>Reads and compiles the policy of a directory or bundle. Null when it is wrong, with every error noted.</summary>
    /// <param name="previous">The policy that is replaced; what did not change is not compiled again.</param>
    public static EmbeddedPolicy? Load(EmbeddedOptions options, FileSet files, ConfigurationErrors errors, EmbeddedPolicy? previous)
    {
        if (options.PolicyPath is not { Length: > 0 } path)
        {
            errors.Add(PathKey, null, "missing; give the directory or bundle that holds the policy");
            return null;
        }

        var before = errors.Items.Count;
        var read = PolicyBundle.IsBundle(path) ? ReadBundle(options, path, files, errors, previous, Report) : ReadDirectory(options, path, files, errors, Report);
        if (read is null || errors.Items.Count > before)
            return null;
        var policy = Compile(read, path, options, Report, previous);
        return errors.Items.Count > before ? null : policy;

        void Report(string problem) => errors.Add(PathKey, path, problem);
    }

    /// <summary>Compiles a bundle's policy. Null when it is wrong, with every error reported.</summary>
    /// <param name="shown">Where the bundle is, as messages show it.</param>
    public static EmbeddedPolicy? Of(PolicyBundle bundle, string shown, EmbeddedOptions options, Action<string> report, EmbeddedPolicy? previous)
    {
        var problems = 0;
        var policy = Compile(bundle.ToFiles(shown), shown, options, Count, previous);
        return problems > 0 ? null : policy;

        void Count(string problem)
        {
            problems++;
            report(problem);
        }
    }

    private static PolicyFiles? ReadDirectory(EmbeddedOptions options, string path, FileSet files, ConfigurationErrors errors, Action<string> report)
    {
        PolicyBundle.RefuseOptions(options, errors);
        return files.ReadDirectory(path, PolicyFiles.IsPolicy, PathKey, errors) is { } read
            ? PolicyFiles.Read(read.Select(file => new PolicyFile(Path.Combine(path, file.RelativePath), Path.GetDirectoryName(file.RelativePath) ?? "", file.Content)), report)
            : null;
    }

    private static PolicyFiles? ReadBundle(
        EmbeddedOptions options, string path, FileSet files, ConfigurationErrors errors, EmbeddedPolicy? previous, Action<string> report)
    {
        if (PolicyBundle.Read(options, files, errors) is not { } bundle)
            return null;
        var current = previous?.Bundle ?? BundleStore.For(options, files.FullPath)?.ReadBundle(bundle.Path, options, PolicyBundle.ReadKeys(options, files, errors));
        if (BundleOrder.WhyRefused(current, bundle, options) is { } reason)
            report(reason);
        return bundle.ToFiles(path);
    }

    private static EmbeddedPolicy? Compile(PolicyFiles files, string path, EmbeddedOptions options, Action<string> report, EmbeddedPolicy? previous)
    {
        if (files.Sources.Count == 0)
        {
            report($"no Rego files below {path}; put the policy (package toolgateway) there");
            return null;
        }

        // Modules that were read as another version of the language are not the same modules.
        var same = previous?.RegoVersion == files.RegoVersion ? previous.Policy : null;
        var compilation = new RegoCompiler(RegoCompilerOptions.Default with { RegoVersion = files.RegoVersion }).Compile(files.Sources, files.Data, same, files.Revision);
        foreach (var error in compilation.Errors)
            report(SourceExcerpt.Format(error, files.Sources));
        if (compilation.Policy is not { } policy || !DataConflicts.Check(policy, report))
            return null;
        var evaluation = new RegoEvaluationOptions(new RegoLimits(options.MaxSteps, options.Timeout, options.MaxMemoryBytes, MaxCallDepth))
        {
            // Without strict errors a deny rule whose built-in fails disappears and the call is allowed.
            StrictBuiltinErrors = true,
        };
        return Prepare(policy, evaluation, files, report);
    }

    private static EmbeddedPolicy? Prepare(RegoPolicy policy, RegoEvaluationOptions evaluation, PolicyFiles files, Action<string> report)
    {
        var decision = EntryPoint.Prepare(policy, "toolgateway/decision", report);
        var visible = EntryPoint.Prepare(policy, "toolgateway/visible", report);
        if (decision is null || visible is null)
            return null;
        return PolicyShape.Check(decision, visible, evaluation, files, report) ? new EmbeddedPolicy(policy, decision, visible, evaluation, files.Bundle) : null;
    }
}
