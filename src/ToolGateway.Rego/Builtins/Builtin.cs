using ToolGateway.Rego.Types;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>
/// A built-in. Returns the result, or null for undefined. A failure is <c>return context.Fail(…)</c> (null, with the error noted): no exception, because in OPA's
/// default mode failing calls are ordinary. Long work calls <c>context.Budget.Step()</c> per element and <c>Charge</c> before it allocates.
/// Arguments are values of any kind: the function checks them with the operand helpers, which give OPA's texts.
/// </summary>
internal delegate RegoValue? BuiltinFunction(BuiltinContext context, ReadOnlySpan<RegoValue> args);

/// <summary>Properties of a built-in that the compiler, the cache and the capabilities listing need.</summary>
[Flags]
internal enum BuiltinTraits
{
    None = 0,

    /// <summary>The result can change between evaluations with the same input (clock, randomness, network, environment).</summary>
    Nondeterministic = 1,

    /// <summary>Refused in Rego v1.</summary>
    Deprecated = 2,

    /// <summary>Gives many results: the function returns an array of them.</summary>
    Relation = 4,

    /// <summary>Reaches out of the process; off, and says so.</summary>
    Unavailable = 8,
}

/// <summary>Name, types and implementation of a built-in.</summary>
/// <param name="Name">OPA's name, dots included.</param>
/// <param name="Infix">The operator it is written as, or null.</param>
internal sealed record Builtin(
    string Name, IReadOnlyList<RegoType> Arguments, RegoType Result, BuiltinTraits Traits, BuiltinFunction Function, string? Infix = null)
{
    /// <summary>Names of the arguments where the declaration has them, else empty.</summary>
    public IReadOnlyList<string> ArgumentNames { get; init; } = [];

    /// <summary>The arguments as messages show them: <c>x: number, y: number</c>.</summary>
    public IEnumerable<string> ArgumentTexts => Arguments.Select((type, index) =>
        index < ArgumentNames.Count && ArgumentNames[index].Length > 0 ? $"{ArgumentNames[index]}: {TypeText.Of(type)}" : TypeText.Of(type));
}
