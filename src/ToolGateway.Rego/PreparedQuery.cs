using System.Text.Json;
using ToolGateway.Rego.Compilation;
using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego;

/// <summary>A query or entry point, ready to be evaluated many times. Immutable; safe for concurrent use.</summary>
public sealed class PreparedQuery
{
    private readonly QueryPlan _plan;
    private readonly EvaluationPool _pool;

    internal PreparedQuery(RegoPolicy policy, RuleUnit unit, QueryPlan plan)
    {
        Policy = policy;
        _plan = plan;
        _pool = new EvaluationPool(policy.Plan.Documents);
        _ = unit;
    }

    /// <summary>The policy that the query was prepared from.</summary>
    public RegoPolicy Policy { get; }

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
        var context = _pool.Rent(input, Policy.Data, options, cancellation);
        try
        {
            var result = _plan.Value is not null ? EvaluateDocument(context) : EvaluateBody(context);
            _pool.Return(context);
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

    private RegoResult EvaluateDocument(EvaluationContext context)
    {
        var frame = context.Enter(_plan.Slots, _plan.State);
        var value = _plan.Value!.Evaluate(frame);
        context.Leave();
        return new RegoResult { Value = value, Steps = context.Budget.Steps, ChargedBytes = context.Budget.ChargedBytes };
    }

    private RegoResult EvaluateBody(EvaluationContext context)
    {
        var solutions = new Solutions();
        var frame = context.Enter(_plan.Slots, _plan.State);
        frame.State[0] = solutions;
        _plan.Body!.Run(frame);
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
