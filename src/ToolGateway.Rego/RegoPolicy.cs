using ToolGateway.Rego.Compilation;
using ToolGateway.Rego.Compilation.Planning;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego;

/// <summary>Compiled modules with their base data. Immutable; safe for concurrent use.</summary>
public sealed class RegoPolicy
{
    private readonly CompilerState _state;
    private readonly Lazy<PolicyPlanner> _plan;
    private readonly Lazy<PolicyPlanner> _tracedPlan;

    internal RegoPolicy(CompilerState state, IReadOnlyDictionary<RegoSource, Module> modules, RegoObject data, string revision)
        : this(
            state,
            modules,
            data,
            revision,
            new Lazy<PolicyPlanner>(() => PolicyPlanner.Create(state, isTraced: false)),
            new Lazy<PolicyPlanner>(() => PolicyPlanner.Create(state, isTraced: true)))
    {
    }

    private RegoPolicy(
        CompilerState state,
        IReadOnlyDictionary<RegoSource, Module> modules,
        RegoObject data,
        string revision,
        Lazy<PolicyPlanner> plan,
        Lazy<PolicyPlanner> tracedPlan)
    {
        _state = state;
        _plan = plan;
        _tracedPlan = tracedPlan;
        Modules = modules;
        Data = data;
        Revision = revision;
    }

    /// <summary>A name for what the policy was made of: a SHA-256 over modules and data unless one was given.</summary>
    public string Revision { get; }

    /// <summary>The base data.</summary>
    public RegoObject Data { get; }

    internal IReadOnlyDictionary<RegoSource, Module> Modules { get; }

    /// <summary>The packages, as references: <c>data.toolgateway</c>.</summary>
    public IReadOnlyList<string> Packages => [.. _state.Modules.Select(static module => module.PackageName).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The rules, in the order of the modules.</summary>
    public IReadOnlyList<RegoRule> Rules => RuleListing.Of(_state);

    internal PolicyPlanner Plan => _plan.Value;

    internal PolicyPlanner TracedPlan => _tracedPlan.Value;

    internal CompilerState State => _state;

    /// <summary>The same modules over other base data.</summary>
    /// <param name="data">The new base data.</param>
    /// <param name="revision">The new revision; a hash when null.</param>
    public RegoPolicy WithData(RegoObject data, string? revision = null) =>
        new(_state, Modules, data, revision ?? PolicyRevision.Of(Modules.Keys, data), _plan, _tracedPlan);

    /// <summary>Prepares a query: <c>data.toolgateway.decision.allow; x := data.limits[_]</c>.</summary>
    /// <param name="query">One or more expressions.</param>
    public RegoPreparation Prepare(string query) => Prepare(query, []);

    /// <summary>Prepares a query with imports.</summary>
    /// <param name="query">One or more expressions.</param>
    /// <param name="imports">Paths that the query names by their last part: <c>data.lib</c>, <c>input.user</c>.</param>
    public RegoPreparation Prepare(string query, IReadOnlyList<string> imports) => QueryCompiler.Prepare(this, query, imports);

    /// <summary>Prepares the evaluation of one document.</summary>
    /// <param name="path">The document as a path (<c>toolgateway/decision</c>) or a reference (<c>data.toolgateway.decision</c>).</param>
    public RegoPreparation PrepareEntryPoint(string path) => QueryCompiler.PrepareEntryPoint(this, path);
}
