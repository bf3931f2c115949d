using System.Runtime.CompilerServices;
using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>Something that can be called: a built-in or a function of the policy.</summary>
internal interface ICallable
{
    RegoValue? Invoke(EvaluationContext context, ReadOnlySpan<RegoValue> arguments, SourceLocation location);

    bool IsSame(ICallable other);
}

/// <summary>A built-in as something that can be called.</summary>
internal sealed class BuiltinCallable(Builtin builtin) : ICallable
{
    private readonly BuiltinFunction _function = builtin.Function;

    public Builtin Builtin { get; } = builtin;

    public RegoValue? Invoke(EvaluationContext context, ReadOnlySpan<RegoValue> arguments, SourceLocation location)
    {
        context.Budget.Step();
        var builtins = context.Builtins;
        var result = _function(builtins, arguments);
        return result is null && builtins.ErrorCode is not null ? Fail(context, location) : result;
    }

    public bool IsSame(ICallable other) => other is BuiltinCallable callable && callable.Builtin == Builtin;

    private RegoValue? Fail(EvaluationContext context, SourceLocation location)
    {
        var code = context.Builtins.ErrorCode!;
        context.Builtins.ClearError();
        if (!context.IsStrict)
            return null;
        throw new RegoHaltException(code, $"{Builtin.Name}: {context.Builtins.ErrorMessage}") { Location = location };
    }
}

/// <summary>A call whose operands are all bound.</summary>
internal sealed class CallValue(ICallable target, ValueExpression[] arguments, SourceLocation location) : ValueExpression
{
    private const int Inline = 6;
    private readonly BuiltinCallable? _builtin = target as BuiltinCallable;
    private readonly FunctionDocument? _function = target as FunctionDocument;
    private readonly int _count = arguments.Length;

    public ValueExpression[] Arguments { get; } = arguments;

    public SourceLocation Location { get; } = location;

    public override RegoValue? Evaluate(Frame frame)
    {
        if (_count == 1)
        {
            var argument = Arguments[0].Evaluate(frame);
            return argument is null ? null : Invoke(frame.Context, new ReadOnlySpan<RegoValue>(ref argument));
        }

        return _count == 2 ? EvaluateTwo(frame) : EvaluateMany(frame);
    }

    private RegoValue? EvaluateTwo(Frame frame)
    {
        Pair pair = default;
        if (Arguments[0].Evaluate(frame) is not { } first || Arguments[1].Evaluate(frame) is not { } second)
            return null;
        pair[0] = first;
        pair[1] = second;
        return Invoke(frame.Context, pair);
    }

    private RegoValue? EvaluateMany(Frame frame)
    {
        Buffer buffer = default;
        var values = _count <= Inline ? buffer[.._count] : new RegoValue[_count];
        for (var i = 0; i < values.Length; i++)
        {
            if (Arguments[i].Evaluate(frame) is not { } value)
                return null;
            values[i] = value;
        }

        return Invoke(frame.Context, values);
    }

    private RegoValue? Invoke(EvaluationContext context, ReadOnlySpan<RegoValue> values)
    {
        if (context.Mocks is not null)
            return InvokeMocked(context, values);
        return _builtin is not null ? _builtin.Invoke(context, values, Location) : _function!.Invoke(context, values, Location);
    }

    private RegoValue? InvokeMocked(EvaluationContext context, ReadOnlySpan<RegoValue> values)
    {
        var mocks = context.Mocks!;
        if (mocks.Find(target) is not { } mock)
            return target.Invoke(context, values, Location);
        if (mock.Replacement is not { } replacement)
            return mock.Value;

        // Inside the replacement no replacement applies, so that it can call the original.
        context.Mocks = null;
        var generation = context.Memo.Generation;
        context.Memo.NextGeneration();
        var result = replacement.Invoke(context, values, Location);
        context.Memo.Generation = generation;
        context.Mocks = mocks;
        return result;
    }

    [InlineArray(2)]
    private struct Pair
    {
        private RegoValue _first;
    }

    [InlineArray(Inline)]
    private struct Buffer
    {
        private RegoValue _first;
    }
}
