using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego;

/// <summary>How policies are compiled.</summary>
public sealed record RegoCompilerOptions
{
    /// <summary>The default options: Rego v1, up to 10 errors, all built-ins.</summary>
    public static RegoCompilerOptions Default { get; } = new();

    /// <summary>After this many errors the compiler reports no more.</summary>
    public int MaxErrors { get; init; } = 10;

    /// <summary>1, or 0 for the older dialect. A module that imports <c>rego.v1</c> is read as 1 in either case.</summary>
    public int RegoVersion { get; init; } = 1;

    /// <summary>Whether unused local variables, parameters and imports are errors, as with <c>opa check --strict</c>.</summary>
    public bool IsStrict { get; init; }

    /// <summary>What one source may be.</summary>
    public SourceLimits SourceLimits { get; init; } = SourceLimits.Default;

    /// <summary>Names of built-ins that policies may not call.</summary>
    public IReadOnlySet<string> DisabledBuiltins { get; init; } = new HashSet<string>();

    /// <summary>Functions of the host that policies may call besides the built-ins.</summary>
    public IReadOnlyList<RegoFunction> Functions { get; init; } = [];

    /// <summary>
    /// JSON schemas that <c>schemas</c> annotations may name: <c>schema.a.b</c> is the member <c>b</c> of the member <c>a</c>. Null: such names are not followed; schemas that
    /// are written out in the annotation always count.
    /// </summary>
    public RegoObject? Schemas { get; init; }

    /// <summary>Keywords of <c>future.keywords</c> that queries take as imported: <c>and</c>, <c>not</c>, <c>or</c>.</summary>
    public IReadOnlyList<string> QueryKeywords { get; init; } = [];
}
