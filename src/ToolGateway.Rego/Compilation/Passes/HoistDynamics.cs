namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>
/// References and comprehensions among operands become variables that are bound just before: <c>f(data.x)</c> becomes <c>@0 = data.x; f(@0)</c>. As in OPA this
/// happens outside of a plain <c>not</c>.
/// </summary>
internal static class HoistDynamics
{
    public static void Run(CompilerState state)
    {
        foreach (var unit in state.OpenRules)
            unit.Rule = new DynamicHoister(unit).HoistRule(unit.Rule);
    }
}
