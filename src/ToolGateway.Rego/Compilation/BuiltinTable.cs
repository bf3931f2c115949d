using System.Collections.Frozen;
using ToolGateway.Rego.Builtins;

namespace ToolGateway.Rego.Compilation;

/// <summary>The built-ins that options leave and add.</summary>
internal static class BuiltinTable
{
    public static IReadOnlyDictionary<string, Builtin> For(RegoCompilerOptions options)
    {
        if (options.DisabledBuiltins.Count == 0 && options.Functions.Count == 0)
            return BuiltinRegistry.All;
        var table = BuiltinRegistry.All.Where(entry => !options.DisabledBuiltins.Contains(entry.Key)).ToDictionary(StringComparer.Ordinal);
        foreach (var function in options.Functions)
        {
            var traits = function.IsDeterministic ? BuiltinTraits.None : BuiltinTraits.Nondeterministic;
            var builtin = Signature.Declare(function.Declaration, (_, arguments) => function.Body([.. arguments]), traits);
            table.Add(builtin.Name, builtin);
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
