using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>Goes on when a body has a solution for every element of a collection.</summary>
internal sealed class EveryNode(ValueExpression domain, Pattern key, Pattern value, Node body) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Step();
        var holds = domain.Evaluate(frame) switch
        {
            RegoObject map => HoldsForMembers(frame, map),
            RegoArray array => HoldsForItems(frame, array),
            RegoSet set => HoldsForElements(frame, set),
            _ => false,
        };
        return holds && Next.Run(frame);
    }

    private bool HoldsForMembers(Frame frame, RegoObject map)
    {
        foreach (ref readonly var pair in map.Members)
        {
            if (!Holds(frame, pair.Key, pair.Value))
                return false;
        }

        return true;
    }

    private bool HoldsForItems(Frame frame, RegoArray array)
    {
        for (var i = 0; i < array.Count; i++)
        {
            if (!Holds(frame, RegoNumber.Of(i), array[i]))
                return false;
        }

        return true;
    }

    private bool HoldsForElements(Frame frame, RegoSet set)
    {
        foreach (var element in set.Items)
        {
            if (!Holds(frame, element, element))
                return false;
        }

        return true;
    }

    private bool Holds(Frame frame, RegoValue itemKey, RegoValue item)
    {
        frame.Budget.Step();
        return key.Match(frame, itemKey) && value.Match(frame, item) && body.Run(frame);
    }
}
