using System.Collections.Frozen;

namespace ToolGateway.Rego.Builtins;

/// <summary>Every built-in by name. Families register one <c>Builtin[]</c> table each, in files named as OPA names them.</summary>
internal static class BuiltinRegistry
{
    private static readonly Builtin[][] Families =
    [
        Glob.All,
        RegexBuiltins.All,
    ];

    public static FrozenDictionary<string, Builtin> All { get; } =
        Families.SelectMany(family => family).ToFrozenDictionary(builtin => builtin.Name, StringComparer.Ordinal);
}
