using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>Goes on when a value is defined and not false.</summary>
internal sealed class TestNode(ValueExpression value) : Node
{
    public ValueExpression Value { get; } = value;

    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        return Value.Evaluate(frame) is { } result && !ReferenceEquals(result, RegoBoolean.False) && Next.Run(frame);
    }
}

/// <summary>Goes on when a value is undefined or false.</summary>
internal sealed class NotValueNode(ValueExpression value) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        return !Lookup.IsTrue(value.Evaluate(frame)) && Next.Run(frame);
    }
}

/// <summary>Goes on when a value is defined and matches.</summary>
internal sealed class MatchNode(ValueExpression value, Pattern pattern) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        return value.Evaluate(frame) is { } result && pattern.Match(frame, result) && Next.Run(frame);
    }
}

/// <summary>Goes on when two values are equal.</summary>
internal sealed class EqualNode(ValueExpression left, ValueExpression right) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        return left.Evaluate(frame) is { } a && right.Evaluate(frame) is { } b && RegoOrder.Equal(a, b) && Next.Run(frame);
    }
}

/// <summary>Goes on with a variable bound to a value.</summary>
internal sealed class BindNode(int slot, ValueExpression value) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        if (value.Evaluate(frame) is not { } result)
            return false;
        frame.Slots[slot].Value = result;
        return Next.Run(frame);
    }
}

/// <summary>The ways to compare two values.</summary>
internal enum ComparisonKind
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>Goes on when a comparison of two values holds.</summary>
internal sealed class CompareNode(ComparisonKind comparison, ValueExpression left, ValueExpression right) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        if (left.Evaluate(frame) is not { } a || right.Evaluate(frame) is not { } b)
            return false;
        var holds = comparison switch
        {
            ComparisonKind.Equal => RegoOrder.Equal(a, b),
            ComparisonKind.NotEqual => !RegoOrder.Equal(a, b),
            ComparisonKind.Less => RegoOrder.Compare(a, b) < 0,
            ComparisonKind.LessOrEqual => RegoOrder.Compare(a, b) <= 0,
            ComparisonKind.Greater => RegoOrder.Compare(a, b) > 0,
            _ => RegoOrder.Compare(a, b) >= 0,
        };
        return holds && Next.Run(frame);
    }
}

/// <summary>End of a body of which one solution is enough.</summary>
internal sealed class FoundSink : Node
{
    public static FoundSink Instance { get; } = new();

    public override bool Run(Frame frame) => true;
}

/// <summary>Goes on when a body has no solution.</summary>
internal sealed class NotNode(Node body) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        return !body.Run(frame) && Next.Run(frame);
    }
}

/// <summary>Goes on once when one of two bodies has a solution, or both have.</summary>
internal sealed class LogicNode(bool isOr, Node left, Node right) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        var holds = isOr ? left.Run(frame) || right.Run(frame) : left.Run(frame) && right.Run(frame);
        return holds && Next.Run(frame);
    }
}

/// <summary>Looks at the stack from time to time, so that a body of very many expressions ends in an error.</summary>
internal sealed class StackGuardNode : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Enter();
        var stop = Next.Run(frame);
        frame.Budget.Leave();
        return stop;
    }
}

/// <summary>Never goes on.</summary>
internal sealed class FailNode : Node
{
    public override bool Run(Frame frame) => false;
}
