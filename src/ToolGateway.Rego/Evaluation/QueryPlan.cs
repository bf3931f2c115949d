using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>A query ready to run: a body for every solution, or the value of one document.</summary>
internal sealed record QueryPlan(Node? Body, ValueExpression? Value, int Slots, int State)
{
    /// <summary>Number of expressions as written.</summary>
    public int Expressions { get; init; }
}

/// <summary>Collects the solutions of a query.</summary>
internal sealed class Solutions
{
    public List<RegoObject> Bindings { get; } = [];

    public List<IReadOnlyList<RegoValue>> Expressions { get; } = [];
}

/// <summary>End of a query's body.</summary>
internal sealed class SolutionSink(RegoString[] names, int[] slots) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Context.Budget.Charge(64 + (16L * names.Length));
        var pairs = new KeyValuePair<RegoValue, RegoValue>[names.Length];
        for (var i = 0; i < names.Length; i++)
            pairs[i] = new(names[i], frame.Slots[slots[i]]!);
        ((Solutions)frame.State[0]!).Bindings.Add(RegoObject.Adopt(pairs));
        return false;
    }
}
