using System.Runtime.CompilerServices;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>An operand of a reference: a value to look up, or a pattern for each key there is.</summary>
internal readonly record struct RefOperand(ValueExpression? Bound, Pattern? Free);

/// <summary>A reference with free variables: goes on for every path through the value that matches.</summary>
internal sealed class RefNode(ValueExpression head, RefOperand[] operands, Pattern target) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        return head.Evaluate(frame) is { } value && Walk(frame, value, 0);
    }

    public bool Walk(Frame frame, RegoValue value, int at)
    {
        while (at < operands.Length && operands[at].Bound is { } bound)
        {
            if (bound.Evaluate(frame) is not { } key || Lookup.Member(value, key) is not { } member)
                return false;
            value = member;
            at++;
        }

        if (at == operands.Length)
            return target.Match(frame, value) && Next.Run(frame);
        return value.Kind switch
        {
            RegoKind.Object => WalkMembers(frame, Unsafe.As<RegoObject>(value), operands[at].Free!, at + 1),
            RegoKind.Array => WalkItems(frame, Unsafe.As<RegoArray>(value), operands[at].Free!, at + 1),
            RegoKind.Set => WalkElements(frame, Unsafe.As<RegoSet>(value), operands[at].Free!, at + 1),
            _ => false,
        };
    }

    private bool WalkMembers(Frame frame, RegoObject map, Pattern pattern, int next)
    {
        foreach (ref readonly var pair in map.Members)
        {
            frame.Budget.Step();
            if (pattern.Match(frame, pair.Key) && Walk(frame, pair.Value, next))
                return true;
        }

        return false;
    }

    private bool WalkItems(Frame frame, RegoArray array, Pattern pattern, int next)
    {
        var isIndexUsed = pattern is not AnyPattern;
        for (var i = 0; i < array.Count; i++)
        {
            frame.Budget.Step();
            if ((!isIndexUsed || pattern.Match(frame, RegoNumber.Of(i))) && Walk(frame, array[i], next))
                return true;
        }

        return false;
    }

    private bool WalkElements(Frame frame, RegoSet set, Pattern pattern, int next)
    {
        foreach (var element in set.Items)
        {
            frame.Budget.Step();
            if (pattern.Match(frame, element) && Walk(frame, element, next))
                return true;
        }

        return false;
    }
}
