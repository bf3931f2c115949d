using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>What one <c>with</c> modifier replaces.</summary>
internal abstract class WithTarget
{
    /// <summary>Applies the replacement. Undefined values make the expression undefined before this is called.</summary>
    public abstract void Apply(EvaluationContext context, RegoValue? value);
}

/// <summary><c>with input.a.b as v</c></summary>
internal sealed class InputTarget(RegoValue[] path, SourceLocation location) : WithTarget
{
    public override void Apply(EvaluationContext context, RegoValue? value) =>
        context.Input = DocumentEdit.Put(context, context.Input, path, value!, location);
}

/// <summary><c>with data.a.b as v</c></summary>
internal sealed class DataTarget(RegoValue[] path, SourceLocation location) : WithTarget
{
    public override void Apply(EvaluationContext context, RegoValue? value)
    {
        context.Data = DocumentEdit.Put(context, context.Data, path, value!, location);
        context.Overrides = new DataOverride(path, context.Overrides);
    }
}

/// <summary><c>with f as g</c>, <c>with count as 3</c></summary>
internal sealed class CallableTarget(ICallable target, ICallable? replacement) : WithTarget
{
    public override void Apply(EvaluationContext context, RegoValue? value) =>
        context.Mocks = new FunctionMock(target, replacement, value, context.Mocks);
}

/// <summary>Runs one expression with its modifiers applied; values of modifiers belong to the outer scope.</summary>
internal sealed class WithNode(WithTarget[] targets, ValueExpression?[] values, Node inner, int state) : Node
{
    public override bool Run(Frame frame)
    {
        var context = frame.Context;
        context.Budget.Step();
        var replaced = new RegoValue?[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value && (replaced[i] = value.Evaluate(frame)) is null)
                return false;
        }

        var outer = context.Save();
        for (var i = 0; i < targets.Length; i++)
            targets[i].Apply(context, replaced[i]);
        context.Memo.NextGeneration();
        frame.State[state] = outer;
        var stop = inner.Run(frame);
        context.Restore(outer);
        return stop;
    }
}

/// <summary>End of an expression with modifiers: what follows sees the outer scope again.</summary>
internal sealed class WithExitNode(int state) : Node
{
    public override bool Run(Frame frame)
    {
        var context = frame.Context;
        var inner = context.Save();
        var saved = frame.State[state]!;
        context.Restore((EvaluationScope)saved);
        var stop = Next.Run(frame);
        context.Restore(inner);
        frame.State[state] = saved;
        return stop;
    }
}

/// <summary>Copies of documents with one place changed.</summary>
internal static class DocumentEdit
{
    public static RegoValue Put(EvaluationContext context, RegoValue? document, ReadOnlySpan<RegoValue> path, RegoValue value, SourceLocation location)
    {
        if (path.IsEmpty)
            return value;
        if (document is not (null or RegoObject))
            throw new RegoHaltException(RegoErrorCodes.EvalWithMerge, "real and replacement data could not be merged") { Location = location };
        var members = new RegoObjectBuilder();
        RegoValue? below = null;
        if (document is RegoObject map)
        {
            context.Budget.Charge(48L * map.Count);
            foreach (ref readonly var pair in map.Members)
                members.Set(pair.Key, pair.Value);
            map.TryGetValue(path[0], out below);
        }

        members.Set(path[0], Put(context, below, path[1..], value, location));
        return members.ToObject();
    }
}
