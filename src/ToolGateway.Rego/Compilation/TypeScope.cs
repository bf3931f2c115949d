using ToolGateway.Rego.Types;

namespace ToolGateway.Rego.Compilation;

/// <summary>Types of the variables of a body; closures see those around them.</summary>
internal sealed class TypeScope(TypeScope? outer = null)
{
    private readonly Dictionary<string, RegoType> _types = new(StringComparer.Ordinal);
    private bool _isReplaced;
    private bool _isInputReplaced;

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

    /// <summary>
    /// Whether a <c>with</c> modifier of the expression at hand replaces a document or a function. Rules may depend on what it replaces, so what they give has no known
    /// type there.
    /// </summary>
    public bool IsReplaced
    {
        get => _isReplaced || Outer is { IsReplaced: true };
        set => _isReplaced = value;
    }

    /// <summary>Whether a modifier replaces input, so that schemas say nothing of it.</summary>
    public bool IsInputReplaced
    {
        get => _isInputReplaced || Outer is { IsInputReplaced: true };
        set => _isInputReplaced = value;
    }

    private TypeScope? Outer { get; } = outer;

    public void Set(string name, RegoType type) => _types[name] = type;
}
