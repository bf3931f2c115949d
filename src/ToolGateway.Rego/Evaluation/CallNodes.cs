using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>A call of a built-in that gives many results: goes on for each that matches.</summary>
internal sealed class RelationNode(ValueExpression call, Pattern pattern) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        if (call.Evaluate(frame) is not RegoArray results)
            return false;
        foreach (var result in results.Items)
        {
            frame.Budget.Step();
            if (pattern.Match(frame, result) && Next.Run(frame))
                return true;
        }

        return false;
    }
}

/// <summary><c>x in xs</c>, when both are known.</summary>
internal sealed class MemberNode(ValueExpression item, ValueExpression collection, ValueExpression call) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        if (collection.Evaluate(frame) is RegoSet set)
            return item.Evaluate(frame) is { } value && set.Contains(value) && Next.Run(frame);
        return Lookup.IsTrue(call.Evaluate(frame)) && Next.Run(frame);
    }
}

/// <summary><c>print</c>: costs nothing unless somebody listens.</summary>
internal sealed class PrintNode(ValueExpression call) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        if (frame.Context.Builtins.Print is not null)
            call.Evaluate(frame);
        return Next.Run(frame);
    }
}
