using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>Keeps evaluation contexts, with their frames and memory, for the next evaluation of the same query.</summary>
internal sealed class EvaluationPool(int documents)
{
    private const int Kept = 16;
    private readonly EvaluationContext?[] _idle = new EvaluationContext?[Kept];

    public EvaluationContext Rent(RegoValue? input, RegoValue data, RegoEvaluationOptions options, CancellationToken cancellation)
    {
        var context = Take();
        if (context is null)
            context = new EvaluationContext(new EvaluationBudget(options.Limits, options.TimeProvider, cancellation), documents);
        else
            context.Budget.Reset(options.Limits, options.TimeProvider, cancellation);
        context.Reset(input, data);
        context.IsStrict = options.StrictBuiltinErrors;
        context.Trace = options.Trace;
        var builtins = context.Builtins;
        builtins.Restart(options.TimeProvider);
        builtins.Random = options.RandomSeed is { } seed ? new Random(seed) : Random.Shared;
        builtins.Runtime = options.Runtime;
        builtins.Print = options.Print;
        return context;
    }

    public void Return(EvaluationContext context)
    {
        context.Release();
        for (var i = 0; i < _idle.Length; i++)
        {
            if (_idle[i] is null && Interlocked.CompareExchange(ref _idle[i], context, null) is null)
                return;
        }
    }

    private EvaluationContext? Take()
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (_idle[i] is { } context && Interlocked.CompareExchange(ref _idle[i], null, context) == context)
                return context;
        }

        return null;
    }
}
