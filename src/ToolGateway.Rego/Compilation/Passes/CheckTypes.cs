namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>Operands that can never have the type that a built-in, a function, a reference or an equation asks for are errors.</summary>
internal static class CheckTypes
{
    public static void Run(CompilerState state)
    {
        var rules = new RuleTypes(state);
        foreach (var unit in state.Rules)
            rules.Check(unit);
    }
}
