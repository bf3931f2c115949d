namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>Rules of one name must be of one kind, and must not stand in the way of other rules or packages.</summary>
internal static class CheckConflicts
{
    public static void Run(CompilerState state)
    {
        foreach (var node in state.Tree.Root.Descendants())
        {
            if (node.Rules.Count > 0)
                Check(state, node);
        }
    }

    private static void Check(CompilerState state, RuleTreeNode node)
    {
        var first = node.Rules[0];
        var name = NameOf(first);
        if (node.Rules.Exists(unit => IsGround(unit, node)) && node.Children.Count > 0)
        {
            var inner = node.Descendants().Skip(1).SelectMany(static child => child.Rules).Select(NameOf).Distinct().Order(StringComparer.Ordinal);
            state.Error(RegoErrorCodes.Type, $"rule {name} conflicts with [{string.Join(' ', inner)}]", first.Rule.Location);
        }
        else if (!IsUniform(node))
            state.Error(RegoErrorCodes.Type, $"conflicting rules {name} found", first.Rule.Location);
        else if (node.Rules.Count(static unit => unit.Rule.IsDefault) > 1)
            ReportDefaults(state, node, name);
        foreach (var package in node.Packages)
        {
            if (node.Rules.Find(unit => IsGround(unit, node)) is { } rule)
            {
                state.Error(
                    RegoErrorCodes.Type,
                    $"package {package.PackageName["data.".Length..]} conflicts with rule {name} defined at {rule.Rule.Location}",
                    rule.Module.Module.Package.Location);
            }
        }
    }

    private static bool IsUniform(RuleTreeNode node)
    {
        var first = node.Rules[0];
        var arity = first.Rule.Head.Arguments?.Count ?? 0;
        var isMulti = first.Rule.Head.Key is not null;
        var isComplete = !isMulti && IsGround(first, node);
        foreach (var unit in node.Rules)
        {
            var multi = unit.Rule.Head.Key is not null;
            if ((unit.Rule.Head.Arguments?.Count ?? 0) != arity || multi != isMulti || (!multi && IsGround(unit, node)) != isComplete)
                return false;
        }

        return true;
    }

    private static void ReportDefaults(CompilerState state, RuleTreeNode node, string name)
    {
        var places = node.Rules.Where(static unit => unit.Rule.IsDefault).Select(static unit => unit.Rule.Location.ToString()).ToList();
        state.Error(RegoErrorCodes.Type, $"multiple default rules {name} found at {string.Join(", ", places)}", node.Rules[0].Rule.Location);
    }

    private static bool IsGround(RuleUnit unit, RuleTreeNode node) => unit.Rule.Head.Reference.Operands.Count == node.Path.Length;

    private static string NameOf(RuleUnit unit) => unit.Name;
}
