using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>Works out what names each module can use: the rules of its package in any module, and its imports. Checks imports and shadowing.</summary>
internal static class CollectNames
{
    public static void Run(CompilerState state)
    {
        var exports = new Dictionary<string, Dictionary<string, RefTerm>>(StringComparer.Ordinal);
        foreach (var module in state.Modules)
        {
            if (!exports.TryGetValue(module.PackageName, out var names))
                exports.Add(module.PackageName, names = new Dictionary<string, RefTerm>(StringComparer.Ordinal));
            foreach (var rule in module.Module.Rules)
                AddRule(state, module, rule, names);
        }

        foreach (var module in state.Modules)
        {
            var rules = exports[module.PackageName];
            module.Globals = module.Module.Imports.Count == 0 ? rules : WithImports(state, module, rules);
        }
    }

    private static void AddRule(CompilerState state, ModuleUnit module, Rule rule, Dictionary<string, RefTerm> names)
    {
        var name = ((VarTerm)rule.Head.Reference.Head).Name;
        if (TermFacts.IsRoot(name))
            state.Error(RegoErrorCodes.Compile, $"rules must not shadow {name} (use a different rule name)", rule.Location);
        if (names.ContainsKey(name))
            return;
        var package = module.Module.Package.Path;
        names.Add(name, package with { Operands = [.. package.Operands, new ScalarTerm(new RegoString(name), package.Location)] });
    }

    private static Dictionary<string, RefTerm> WithImports(CompilerState state, ModuleUnit module, Dictionary<string, RefTerm> rules)
    {
        var names = new Dictionary<string, RefTerm>(rules, StringComparer.Ordinal);
        var imported = new HashSet<string>(StringComparer.Ordinal);
        foreach (var import in module.Module.Imports)
        {
            if (import.Path.Head is not VarTerm { Name: TermFacts.Data or TermFacts.Input })
                continue;
            var name = NameOf(import);
            if (!imported.Add(name) && module.IsV1)
                state.Error(RegoErrorCodes.Compile, $"import must not shadow import {TermText.Of(names[name])}", import.Location);
            if (TermFacts.IsRoot(name) && import.Alias is not null)
                state.Error(RegoErrorCodes.Compile, $"imports must not shadow {name} (use a different import alias)", import.Location);
            names[name] = import.Path;
        }

        return names;
    }

    public static string NameOf(Import import)
    {
        if (import.Alias is not null)
            return import.Alias;
        return import.Path.Operands.Count == 0
            ? ((VarTerm)import.Path.Head).Name
            : ((RegoString)((ScalarTerm)import.Path.Operands[^1]).Value).Value;
    }
}
