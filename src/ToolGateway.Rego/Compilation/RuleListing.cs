using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>Describes rules for tools.</summary>
internal static class RuleListing
{
    private const string TestPrefix = "test_";

    public static IReadOnlyList<RegoRule> Of(CompilerState state) => [.. state.Rules.Select(Describe)];

    private static RegoRule Describe(RuleUnit unit)
    {
        var source = unit.Source;
        var name = TermText.Of(source.Head.Reference.Operands.Count == 0 ? source.Head.Reference.Head : source.Head.Reference);
        var separator = name.StartsWith('[') ? "" : ".";
        return new RegoRule(
            unit.Module.PackageName + separator + name,
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
