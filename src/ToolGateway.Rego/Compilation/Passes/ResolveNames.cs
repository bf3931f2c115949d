using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>Makes references absolute and variables unique.</summary>
internal static class ResolveNames
{
    public static void Run(CompilerState state)
    {
        foreach (var unit in state.OpenRules)
            unit.Rule = new NameResolver(state, unit).RewriteRule(unit.Rule);
        if (state.Options.IsStrict)
            ReportUnusedImports(state);
    }

    private static void ReportUnusedImports(CompilerState state)
    {
        foreach (var module in state.Modules)
        {
            foreach (var import in module.Module.Imports)
            {
                if (import.Path.Head is VarTerm { Name: TermFacts.Data or TermFacts.Input } && !module.UsedNames.Contains(CollectNames.NameOf(import)))
                    state.Error(RegoErrorCodes.Compile, $"import {TermText.Of(import.Path)} unused", import.Location);
            }
        }
    }
}
