using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>The variables of one rule body that is being evaluated. The plan knows which slots are bound where, so slots are never cleared.</summary>
internal sealed class Frame(EvaluationContext context)
{
    public readonly EvaluationContext Context = context;

    public readonly Limits.EvaluationBudget Budget = context.Budget;

    public Slot[] Slots = [];

    /// <summary>Things under construction: builders of comprehensions, scopes of <c>with</c>.</summary>
    public object?[] State = [];

    /// <summary>What the sink of the body keeps.</summary>
    public RegoValue? Result;

    /// <summary>Whether the body had a solution.</summary>
    public bool Found;

    public void Prepare(int slots, int state)
    {
        if (Slots.Length < slots)
            Slots = new Slot[Math.Max(slots, 16)];
        if (State.Length < state)
            State = new object?[Math.Max(state, 4)];
        Result = null;
        Found = false;
    }
}

/// <summary>One variable. Arrays of it are written without the type check that arrays of references need, which was a tenth of an evaluation.</summary>
internal struct Slot
{
    public RegoValue? Value;
}
