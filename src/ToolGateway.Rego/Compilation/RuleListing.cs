namespace ToolGateway.Rego.Compilation;

/// <summary>Describes rules for tools.</summary>
internal static class RuleListing
{
    private const string TestPrefix = "test_";

    public static IReadOnlyList<RegoRule> Of(CompilerState state) => [.. state.Rules.Select(Describe)];

    private static RegoRule Describe(RuleUnit unit)
    {
        var source = unit.Source;
        var name = unit.LocalName;
        return new RegoRule(
            unit.Name,
            unit.Module.PackageName,
            name,
            source.Location,
            [.. source.Annotations.Select(static annotations => annotations.Content)])
        {
            IsDefault = source.IsDefault,
            IsFunction = source.Head.Arguments is not null,
            IsTest = name.StartsWith(TestPrefix, StringComparison.Ordinal),
            IsSkippedTest = name.StartsWith("todo_" + TestPrefix, StringComparison.Ordinal),
        };
    }
}
