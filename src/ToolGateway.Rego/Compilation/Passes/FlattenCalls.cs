namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>
/// Takes nested calls apart: <c>f(g(x))</c> becomes <c>g(x, @0); f(@0)</c>, heads of references that are no variables become variables, and what stands in a rule's
/// head and must be computed moves to the end of the body.
/// </summary>
internal static class FlattenCalls
{
    public static void Run(CompilerState state)
    {
        foreach (var unit in state.OpenRules)
            unit.Rule = new CallFlattener(unit).FlattenRule(unit.Rule);
    }
}
