using System.Text.Json;
using ToolGateway.Rego.Compilation;
using ToolGateway.Rego.Compilation.Planning;
using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego;

/// <summary>A query or entry point, ready to be evaluated many times. Immutable; safe for concurrent use.</summary>
public sealed class PreparedQuery
{
    private readonly QueryPlan _plan;
    private readonly Lazy<(QueryPlan Plan, EvaluationPool Pool)> _traced;
    private readonly Lazy<QueryReads> _reads;
    private readonly EvaluationPool _pool;

    internal PreparedQuery(RegoPolicy policy, CompiledQuery query)
    {
        Policy = policy;
        ExpressionLocations = query.Locations;
        _plan = QueryPlanner.Plan(policy.Plan, query);
        _traced = new Lazy<(QueryPlan Plan, EvaluationPool Pool)>(
            () => (QueryPlanner.Plan(policy.TracedPlan, query), new EvaluationPool(policy.TracedPlan.Documents)));
        _reads = new Lazy<QueryReads>(() => new QueryReads(policy, query.Unit));
        _pool = new EvaluationPool(policy.Plan.Documents);
    }

    /// <summary>The policy that the query was prepared from.</summary>
    public RegoPolicy Policy { get; }

    /// <summary>Where each expression of the query stands, with its text; empty for an entry point.</summary>
    public IReadOnlyList<SourceLocation> ExpressionLocations { get; }

    /// <summary>
    /// The input paths that the query can read, as JSON pointers (<c>/subject/id</c>); everything below a path is read with it. The empty pointer is the whole input.
    /// Other members of the input cannot change the result.
    /// </summary>
    public IReadOnlyList<string> InputPaths => _reads.Value.InputPaths;

    /// <summary>Whether the query can read all of its input.</summary>
    public bool ReadsWholeInput => InputPaths is [""];

    /// <summary>Whether the same input always gives the same result.</summary>
    public bool IsDeterministic => NondeterministicBuiltins.Count == 0;

    /// <summary>The built-ins within the query's reach whose results can differ with the same input: clock, randomness, network, environment.</summary>
    public IReadOnlyList<string> NondeterministicBuiltins => _reads.Value.Nondeterministic;

    /// <summary>Evaluates with an input document as JSON.</summary>
    /// <param name="json">UTF-8 text of one JSON value.</param>
    /// <param name="options">What the evaluation may use and see.</param>
    /// <param name="cancellation">Ends the evaluation early.</param>
    public RegoResult Evaluate(ReadOnlySpan<byte> json, RegoEvaluationOptions options, CancellationToken cancellation = default)
    {
        RegoValue input;
        try
        {
            input = RegoJson.Parse(json);
        }
        catch (JsonException problem)
        {
            return new RegoResult { Error = new RegoError(RegoErrorCodes.EvalType, $"input is not JSON: {problem.Message}") };
        }

        return Evaluate(input, options, cancellation);
    }

    /// <summary>Evaluates with an input document that is made as far as it is read.</summary>
    /// <param name="input">Supplies members of the input document.</param>
    /// <param name="options">What the evaluation may use and see.</param>
    /// <param name="cancellation">Ends the evaluation early.</param>
    public RegoResult Evaluate(IRegoObjectSource input, RegoEvaluationOptions options, CancellationToken cancellation = default) =>
        Evaluate(new SourceObject(input), options, cancellation);

    /// <summary>Evaluates.</summary>
    /// <param name="input">The input document; null leaves <c>input</c> undefined.</param>
    /// <param name="options">What the evaluation may use and see.</param>
    /// <param name="cancellation">Ends the evaluation early.</param>
    public RegoResult Evaluate(RegoValue? input, RegoEvaluationOptions options, CancellationToken cancellation = default)
    {
        var (plan, pool) = options.Trace is null ? (_plan, _pool) : _traced.Value;
        var context = pool.Rent(input, Policy.Data, options, cancellation);
        try
        {
            var result = plan.Value is not null ? EvaluateDocument(plan, context) : EvaluateBody(plan, context);
            pool.Return(context);
            return result;
        }
        catch (RegoHaltException halt)
        {
            // The context is dropped: the halt may have left it in the middle of anything.
            return new RegoResult
            {
                Error = new RegoError(halt.Code, halt.Message, halt.Location),
                Steps = context.Budget.Steps,
                ChargedBytes = context.Budget.ChargedBytes,
            };
        }
    }

    private static RegoResult EvaluateDocument(QueryPlan plan, EvaluationContext context)
    {
        var frame = context.Enter(plan.Slots, plan.State);
        var value = plan.Value!.Evaluate(frame);
        context.Leave();
        return new RegoResult { Value = value, Steps = context.Budget.Steps, ChargedBytes = context.Budget.ChargedBytes };
    }

    private static RegoResult EvaluateBody(QueryPlan plan, EvaluationContext context)
    {
        var solutions = new Solutions();
        var frame = context.Enter(plan.Slots, plan.State);
        frame.State[0] = solutions;
        plan.Body!.Run(frame);
        frame.State[0] = null;
        context.Leave();
        return new RegoResult
        {
            Bindings = solutions.Bindings,
            Expressions = solutions.Expressions,
            Value = solutions.Expressions is [[.., var last], ..] ? last : null,
            Steps = context.Budget.Steps,
            ChargedBytes = context.Budget.ChargedBytes,
        };
    }
}
