using ToolGateway.Hosting;
using ToolGateway.Rego;
using ToolGateway.Rego.Limits;

namespace ToolGateway.Decisions.Embedded;

/// <summary>A compiled policy with its prepared entry points. Immutable; shared by all calls of a snapshot.</summary>
internal sealed class EmbeddedPolicy
{
    private const string PathKey = "Decisions:Embedded:PolicyPath";
    private const int MaxCallDepth = 256;

    private EmbeddedPolicy(string revision, RegoPolicy policy, EntryPoint decision, EntryPoint visible, RegoEvaluationOptions evaluation)
    {
        Revision = revision;
        Policy = policy;
        Decision = decision;
        Visible = visible;
        Evaluation = evaluation;
    }

    /// <summary>The revision that the directory's <c>.manifest</c> states, or a digest of the files.</summary>
    public string Revision { get; }

    public RegoPolicy Policy { get; }

    public EntryPoint Decision { get; }

    public EntryPoint Visible { get; }

    public RegoEvaluationOptions Evaluation { get; }

    /// <summary>Reads and compiles the policy of a directory. Null when it is wrong, with every error noted.</summary>
    /// <param name="previous">The policy that is replaced; what did not change is not compiled again.</param>
    public static EmbeddedPolicy? Load(EmbeddedOptions options, FileSet files, ConfigurationErrors errors, EmbeddedPolicy? previous)
    {
        if (options.PolicyPath is not { Length: > 0 } path)
        {
            errors.Add(PathKey, null, "missing; give the directory that holds the policy");
            return null;
        }

        if (files.ReadDirectory(path, PolicyFiles.IsPolicy, PathKey, errors) is not { } read)
            return null;
        var isSound = true;
        var policy = Compile(PolicyFiles.Read(read.Select(file => new PolicyFile(Path.Combine(path, file.RelativePath), Path.GetDirectoryName(file.RelativePath) ?? "", file.Content)), Report), path, options, Report, previous);
        return isSound ? policy : null;

        void Report(string problem)
        {
            isSound = false;
            errors.Add(PathKey, path, problem);
        }
    }

    private static EmbeddedPolicy? Compile(PolicyFiles files, string path, EmbeddedOptions options, Action<string> report, EmbeddedPolicy? previous)
    {
        if (files.Sources.Count == 0)
        {
            report($"no Rego files below {path}; put the policy (package toolgateway) there");
            return null;
        }

        var compilation = new RegoCompiler().Compile(files.Sources, files.Data, previous?.Policy, files.Revision);
        foreach (var error in compilation.Errors)
            report(SourceExcerpt.Format(error, files.Sources));
        if (compilation.Policy is not { } policy)
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
        return PolicyShape.Check(decision, visible, evaluation, files, report) ? new EmbeddedPolicy(policy.Revision, policy, decision, visible, evaluation) : null;
    }
}
