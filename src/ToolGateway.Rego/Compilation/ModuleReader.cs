using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>Parses sources, except those that a previous policy was compiled from.</summary>
internal static class ModuleReader
{
    public static Dictionary<RegoSource, Module> Read(IReadOnlyList<RegoSource> sources, CompilerState state, RegoPolicy? previous)
    {
        var options = ParserOptionsOf(state.Options);
        var modules = new Dictionary<RegoSource, Module>(sources.Count);
        foreach (var source in sources)
        {
            if (modules.ContainsKey(source))
                continue;
            if (previous is null || !previous.Modules.TryGetValue(source, out var module))
                module = Parse(source, options, state);
            if (module is null)
                continue;
            modules.Add(source, module);
            var unit = new ModuleUnit(module) { IsV1 = IsV1(module, state.Options) };
            state.Modules.Add(unit);
            foreach (var rule in module.Rules)
                state.Rules.Add(new RuleUnit(unit, WithoutEmptyParameters(rule)));
        }

        return modules;
    }

    public static ParserOptions ParserOptionsOf(RegoCompilerOptions options) => new()
    {
        RegoVersion = options.RegoVersion,
        Limits = options.SourceLimits,
        MaxErrors = options.MaxErrors,
        FutureKeywords = options.QueryKeywords,
    };

    private static Module? Parse(RegoSource source, ParserOptions options, CompilerState state)
    {
        var (module, errors) = RegoParser.ParseModule(source, options);
        foreach (var error in errors)
            state.Error(error.Code, error.Message, error.Location);
        return module;
    }

    /// <summary><c>f() := 1</c> is the rule <c>f := 1</c>.</summary>
    private static Rule WithoutEmptyParameters(Rule rule) => rule.Head.Arguments is not { Count: 0 }
        ? rule
        : rule with
        {
            Head = rule.Head with { Arguments = null },
            Else = rule.Else is null ? null : WithoutEmptyParameters(rule.Else),
        };

    private static bool IsV1(Module module, RegoCompilerOptions options) =>
        options.RegoVersion >= 1 || module.Imports.Any(static import => import.Path.Head is VarTerm { Name: "rego" });
}
