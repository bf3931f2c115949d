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
    public Builtin Builtin { get; } = builtin;

    public RegoValue? Invoke(EvaluationContext context, ReadOnlySpan<RegoValue> arguments, SourceLocation location)
    {
        context.Budget.Step();
        var builtins = context.Builtins;
        var result = Builtin.Function(builtins, arguments);
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

    public ValueExpression[] Arguments { get; } = arguments;

    public SourceLocation Location { get; } = location;

    public override RegoValue? Evaluate(Frame frame)
    {
        Buffer buffer = default;
        var values = Arguments.Length <= Inline ? buffer[..Arguments.Length] : new RegoValue[Arguments.Length];
        for (var i = 0; i < Arguments.Length; i++)
        {
            if (Arguments[i].Evaluate(frame) is not { } value)
                return null;
            values[i] = value;
        }

        var context = frame.Context;
        return context.Mocks is null ? target.Invoke(context, values, Location) : InvokeMocked(context, values);
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

    [InlineArray(Inline)]
    private struct Buffer
    {
        private RegoValue _first;
    }
}
