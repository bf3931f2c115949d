using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>A query ready to run: a body for every solution, or the value of one document.</summary>
internal sealed record QueryPlan(Node? Body, ValueExpression? Value, int Slots, int State);

/// <summary>Collects the solutions of a query.</summary>
internal sealed class Solutions
{
    public List<RegoObject> Bindings { get; } = [];

    public List<IReadOnlyList<RegoValue>> Expressions { get; } = [];
}

/// <summary>
/// End of a query's body. A solution needs every expression to be true; but a query that is a single expression shows its value even when that is false, as OPA does.
/// </summary>
internal sealed class SolutionSink(RegoString[] names, int[] slots, int?[] captured) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Budget.Charge(128 + (16L * (names.Length + captured.Length)));
        var solutions = (Solutions)frame.State[0]!;
        var values = new RegoValue[captured.Length];
        var holds = true;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = captured[i] is { } slot ? frame.Slots[slot].Value! : RegoBoolean.True;
            holds &= Lookup.IsTrue(values[i]);
        }

        if (holds || values.Length == 1)
            solutions.Expressions.Add(values);
        if (holds)
            solutions.Bindings.Add(Bind(frame));
        return false;
    }

    private RegoObject Bind(Frame frame)
    {
        var pairs = new KeyValuePair<RegoValue, RegoValue>[names.Length];
        for (var i = 0; i < names.Length; i++)
            pairs[i] = new(names[i], frame.Slots[slots[i]].Value!);
        return RegoObject.Adopt(pairs);
    }
}
