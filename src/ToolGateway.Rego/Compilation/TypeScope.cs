using ToolGateway.Rego.Types;

namespace ToolGateway.Rego.Compilation;

/// <summary>Types of the variables of a body; closures see those around them.</summary>
internal sealed class TypeScope(TypeScope? outer = null)
{
    private readonly Dictionary<string, RegoType> _types = new(StringComparer.Ordinal);

    public RegoType? this[string name]
    {
        get
        {
            for (var scope = this; scope is not null; scope = scope.Outer)
            {
                if (scope._types.TryGetValue(name, out var type))
                    return type;
            }

            return null;
        }
    }

    private TypeScope? Outer { get; } = outer;

    public void Set(string name, RegoType type) => _types[name] = type;
}
