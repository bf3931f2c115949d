using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>End of a body that gives the rule's value; a second, different value is a conflict.</summary>
internal sealed class ValueSink(ValueExpression value, bool isFunction, SourceLocation location) : Node
{
    public override bool Run(Frame frame)
    {
        if (value is ConstantValue constant)
        {
            frame.Result = constant.Value;
            return true;
        }

        if (value.Evaluate(frame) is not { } result)
            return false;
        if (frame.Result is { } other && !RegoOrder.Equal(other, result))
            throw Conflicts.Values(isFunction, location);
        frame.Result = result;
        return false;
    }
}

/// <summary>End of a body that adds to a partial document.</summary>
internal sealed class PartialSink(ValueExpression[] path, ValueExpression value, bool isElement, SourceLocation location) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        var builder = (PartialBuilder)frame.State[0]!;
        if (value.Evaluate(frame) is not { } leaf)
            return false;
        frame.Found = true;
        if (builder.TryAdd(frame, path, leaf, isElement, out var isUndefined) || isUndefined)
            return false;
        throw new RegoHaltException(RegoErrorCodes.EvalConflict, "object keys must be unique") { Location = location };
    }
}

/// <summary>The two ways in which results contradict each other.</summary>
internal static class Conflicts
{
    public static RegoHaltException Values(bool isFunction, SourceLocation location) =>
        new(RegoErrorCodes.EvalConflict,
            isFunction ? "functions must not produce multiple outputs for same inputs" : "complete rules must not produce multiple outputs")
        {
            Location = location,
        };
}
