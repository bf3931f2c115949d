namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>Makes references absolute and variables unique.</summary>
internal static class ResolveNames
{
    public static void Run(CompilerState state)
    {
        foreach (var unit in state.Rules)
            unit.Rule = new NameResolver(state, unit).RewriteRule(unit.Rule);
    }
}
