using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>
/// Takes over the rules of unchanged modules from the policy before, as its passes left them. That is right only while all that the passes look at outside of the
/// module is the same: the names of its package, its imports, and which functions there are.
/// </summary>
internal static class ReuseRules
{
    public static void Run(CompilerState state)
    {
        if (state.Previous is not { } previous || state.Options.IsStrict || !ReferenceEquals(previous.Builtins, state.Builtins))
            return;
        var before = previous.Modules.ToDictionary(static unit => unit.Module);
        if (ChangesAnnotations(state, before) || !Functions(state).SetEquals(Functions(previous)))
            return;
        var rules = previous.Rules.ToLookup(static unit => unit.Module);
        foreach (var group in state.Rules.GroupBy(static unit => unit.Module))
        {
            if (!before.TryGetValue(group.Key.Module, out var known) || !SameNames(group.Key.Globals, known.Globals))
                continue;
            foreach (var (unit, old) in group.Zip(rules[known]))
            {
                unit.Rule = old.Rule;
                unit.IsLowered = true;
            }
        }
    }

    /// <summary>Annotations of a package show in the metadata of other modules.</summary>
    private static bool ChangesAnnotations(CompilerState state, Dictionary<Module, ModuleUnit> before)
    {
        var now = state.Modules.Select(static unit => unit.Module).ToHashSet();
        return now.Where(module => !before.ContainsKey(module)).Concat(before.Keys.Where(module => !now.Contains(module)))
            .Any(static module => module.Annotations.Count > 0);
    }

    private static HashSet<(string Name, int Arity)> Functions(CompilerState state) =>
    [
        .. state.Rules.Where(static unit => unit.Source.Head.Arguments is not null).Select(static unit => (unit.Name, unit.Source.Head.Arguments!.Count)),
    ];

    private static bool SameNames(Dictionary<string, RefTerm> now, Dictionary<string, RefTerm> before)
    {
        if (now.Count != before.Count)
            return false;
        foreach (var (name, reference) in now)
        {
            if (!before.TryGetValue(name, out var other) || TermText.Of(reference) != TermText.Of(other))
                return false;
        }

        return true;
    }
}
