using ToolGateway.Rego.Compilation.Passes;

namespace ToolGateway.Rego.Compilation;

/// <summary>The passes in their order. Each works on what the ones before it left; the first that finds errors is the last that runs.</summary>
internal static class CompilerPipeline
{
    private static readonly (string Name, Action<CompilerState> Run)[] ModulePasses =
    [
        (nameof(CollectNames), CollectNames.Run),
        (nameof(ReuseRules), ReuseRules.Run),
        (nameof(ResolveNames), ResolveNames.Run),
        (nameof(BuildTree), BuildTree.Run),
        (nameof(RewriteMetadata), RewriteMetadata.Run),
        (nameof(CheckModifiers), CheckModifiers.Run),
        (nameof(RewriteTemplates), RewriteTemplates.Run),
        (nameof(FlattenCalls), FlattenCalls.Run),
        (nameof(CheckConflicts), CheckConflicts.Run),
        (nameof(CheckFunctions), CheckFunctions.Run),
        (nameof(CheckSafety), CheckSafety.Run),
        (nameof(RewriteEquals), RewriteEquals.Run),
        (nameof(HoistDynamics), HoistDynamics.Run),
        (nameof(CheckRecursion), CheckRecursion.Run),
        (nameof(CheckTypes), CheckTypes.Run),
    ];

    private static readonly (string Name, Action<CompilerState> Run)[] QueryPasses =
    [
        (nameof(ResolveNames), ResolveNames.Run),
        (nameof(CheckModifiers), CheckModifiers.Run),
        (nameof(RewriteTemplates), RewriteTemplates.Run),
        (nameof(FlattenCalls), FlattenCalls.Run),
        (nameof(CheckFunctions), CheckFunctions.Run),
        (nameof(CheckSafety), CheckSafety.Run),
        (nameof(RewriteEquals), RewriteEquals.Run),
        (nameof(HoistDynamics), HoistDynamics.Run),
        (nameof(CheckTypes), CheckTypes.Run),
    ];

    public static void CompileModules(CompilerState state) => Run(state, ModulePasses);

    public static void CompileQuery(CompilerState state) => Run(state, QueryPasses);

    private static void Run(CompilerState state, (string Name, Action<CompilerState> Run)[] passes)
    {
        foreach (var (_, run) in passes)
        {
            run(state);
            if (state.HasErrors)
                return;
        }
    }
}
