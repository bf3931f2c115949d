using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary><c>[head | body]</c></summary>
internal sealed class ArrayComprehensionValue(int state, Node body) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame)
    {
        var items = new List<RegoValue>();
        frame.State[state] = items;
        body.Run(frame);
        frame.State[state] = null;
        return RegoArray.Adopt([.. items]);
    }
}

/// <summary>End of the body of an array comprehension.</summary>
internal sealed class ItemSink(int state, ValueExpression head) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Charge(16);
        if (head.Evaluate(frame) is { } value)
            ((List<RegoValue>)frame.State[state]!).Add(value);
        return false;
    }
}

/// <summary><c>{head | body}</c></summary>
internal sealed class SetComprehensionValue(int state, Node body) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame)
    {
        var elements = new RegoSetBuilder();
        frame.State[state] = elements;
        body.Run(frame);
        frame.State[state] = null;
        return elements.ToSet();
    }
}

/// <summary>End of the body of a set comprehension.</summary>
internal sealed class ElementSink(int state, ValueExpression head) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Charge(48);
        if (head.Evaluate(frame) is { } value)
            ((RegoSetBuilder)frame.State[state]!).Add(value);
        return false;
    }
}

/// <summary><c>{key: value | body}</c></summary>
internal sealed class ObjectComprehensionValue(int state, Node body) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame)
    {
        var members = new RegoObjectBuilder();
        frame.State[state] = members;
        body.Run(frame);
        frame.State[state] = null;
        return members.ToObject();
    }
}

/// <summary>End of the body of an object comprehension.</summary>
internal sealed class MemberSink(int state, ValueExpression key, ValueExpression value, SourceLocation location) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Charge(64);
        if (key.Evaluate(frame) is not { } memberKey || value.Evaluate(frame) is not { } member)
            return false;
        if (!((RegoObjectBuilder)frame.State[state]!).TrySet(memberKey, member))
            throw new RegoHaltException(RegoErrorCodes.EvalConflict, "object keys must be unique") { Location = location };
        return false;
    }
}

/// <summary>A comprehension that depends on nothing but input and data: computed once for each evaluation and scope.</summary>
internal sealed class RememberedValue(int id, ValueExpression inner) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame)
    {
        var memo = frame.Context.Memo;
        if (memo.TryGet(id, out var value))
            return value;
        var generation = memo.Generation;
        value = inner.Evaluate(frame);
        if (memo.Generation == generation)
            memo.Set(id, value);
        return value;
    }
}
