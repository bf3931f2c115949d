using ToolGateway.Rego.Limits;

namespace ToolGateway.Rego.Syntax;

/// <summary>The dialect to read, and how much of it.</summary>
internal sealed record ParserOptions
{
    public static ParserOptions Default { get; } = new();

    /// <summary>1, or 0 for the older dialect (which <c>import rego.v1</c> turns into 1).</summary>
    public int RegoVersion { get; init; } = 1;

    public SourceLimits Limits { get; init; } = SourceLimits.Default;

    /// <summary>After this many errors the parser stops.</summary>
    public int MaxErrors { get; init; } = 10;

    /// <summary>Whether METADATA comments are read.</summary>
    public bool ReadAnnotations { get; init; } = true;

    /// <summary>Keywords of <c>future.keywords</c> that a query takes as imported.</summary>
    public IReadOnlyList<string> FutureKeywords { get; init; } = [];
}
