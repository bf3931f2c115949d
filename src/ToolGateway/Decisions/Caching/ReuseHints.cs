namespace ToolGateway.Decisions.Caching;

/// <summary>
/// Remembers roughly which callers, tools and actions get reusable decisions, so that the others pay for no key. A wrong guess (slots are shared) costs one
/// key or one evaluation, never a wrong decision.
/// </summary>
internal sealed class ReuseHints
{
    private const int Slots = 1024;
    private const sbyte Warm = 16;

    private readonly sbyte[] _heat = new sbyte[Slots];

    public bool IsHopeful(DecisionInput input) => _heat[Slot(input)] > 0;

    public void Reusable(DecisionInput input) => _heat[Slot(input)] = Warm;

    public void NotReusable(DecisionInput input)
    {
        ref var heat = ref _heat[Slot(input)];
        if (heat > 0)
            heat--;
    }

    private static int Slot(DecisionInput input) => HashCode.Combine(input.Caller.Id, input.Call.Tool.Name, input.Call.Action) & (Slots - 1);
}
