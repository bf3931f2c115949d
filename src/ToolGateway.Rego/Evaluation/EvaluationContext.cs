using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>Everything that one evaluation changes. Pooled by its prepared query; used by one thread at a time.</summary>
internal sealed class EvaluationContext
{
    private readonly Stack<PartialBuilder> _builders = [];
    private Frame?[] _frames = new Frame?[16];
    private int _depth;

    public EvaluationContext(EvaluationBudget budget, int documents)
    {
        Budget = budget;
        Builtins = new BuiltinContext(budget);
        Memo = new Memo(documents);
    }

    public EvaluationBudget Budget { get; }

    public BuiltinContext Builtins { get; }

    public Memo Memo { get; }

    public RegoValue? Input { get; set; }

    public RegoValue Data { get; set; } = RegoObject.Empty;

    /// <summary>Paths in data that <c>with</c> replaces here; null when there are none.</summary>
    public DataOverride? Overrides { get; set; }

    /// <summary>Functions that <c>with</c> replaces here; null when there are none.</summary>
    public FunctionMock? Mocks { get; set; }

    /// <summary>Whether a failing built-in ends the evaluation instead of being undefined.</summary>
    public bool IsStrict { get; set; }

    /// <summary>Who follows the evaluation; plans without tracing never look at it.</summary>
    public Tracing.ITraceSink? Trace { get; set; }

    /// <summary>Rules and functions that are being evaluated around this place.</summary>
    public int Depth => _depth;

    public Frame Enter(int slots, int state)
    {
        Budget.Enter();
        if (_depth == _frames.Length)
            Array.Resize(ref _frames, _depth * 2);
        var frame = _frames[_depth] ??= new Frame(this);
        _depth++;
        frame.Prepare(slots, state);
        return frame;
    }

    public void Leave()
    {
        _depth--;
        Budget.Leave();
    }

    /// <summary>A builder for a document, to be returned when the document is made.</summary>
    public PartialBuilder RentBuilder(bool isSet)
    {
        if (!_builders.TryPop(out var builder))
            builder = new PartialBuilder(Budget);
        builder.IsSet = isSet;
        return builder;
    }

    public void Return(PartialBuilder builder)
    {
        builder.Clear();
        _builders.Push(builder);
    }

    public EvaluationScope Save() => new(Input, Data, Overrides, Mocks, Memo.Generation);

    public void Restore(in EvaluationScope scope)
    {
        Input = scope.Input;
        Data = scope.Data;
        Overrides = scope.Overrides;
        Mocks = scope.Mocks;
        Memo.Generation = scope.Generation;
    }

    /// <summary>Makes the context fit for another evaluation.</summary>
    public void Reset(RegoValue? input, RegoValue data)
    {
        Input = input;
        Data = data;
        Overrides = null;
        Mocks = null;
        Memo.Reset();
        _depth = 0;
        Builtins.ClearError();
        if (Builtins.Memory.Count > 0)
            Builtins.Memory.Clear();
    }

    /// <summary>Lets go of the caller's values while the context waits in its pool.</summary>
    public void Release()
    {
        Input = null;
        Data = RegoObject.Empty;
        Trace = null;
        Builtins.Print = null;
    }
}

/// <summary>The part of a context that <c>with</c> changes.</summary>
internal readonly record struct EvaluationScope(RegoValue? Input, RegoValue Data, DataOverride? Overrides, FunctionMock? Mocks, int Generation);
