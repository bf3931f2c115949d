using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>A call of a built-in that gives many results: goes on for each that matches.</summary>
internal sealed class RelationNode(ValueExpression call, Pattern pattern) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Context.Budget.Step();
        if (call.Evaluate(frame) is not RegoArray results)
            return false;
        foreach (var result in results.Items)
        {
            frame.Context.Budget.Step();
            if (pattern.Match(frame, result) && Next.Run(frame))
                return true;
        }

        return false;
    }
}

/// <summary><c>print</c>: costs nothing unless somebody listens.</summary>
internal sealed class PrintNode(ValueExpression call) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Context.Budget.Step();
        if (frame.Context.Builtins.Print is not null)
            call.Evaluate(frame);
        return Next.Run(frame);
    }
}
