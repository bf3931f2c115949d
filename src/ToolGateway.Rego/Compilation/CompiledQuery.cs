using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Compilation;

/// <summary>A query after all passes.</summary>
/// <param name="Unit">Its body as a rule without a head.</param>
/// <param name="Document">The document that an entry point names; null for other queries.</param>
/// <param name="Captured">For every expression as written, the variable with its value.</param>
/// <param name="Locations">Where every expression stands.</param>
internal sealed record CompiledQuery(
    RuleUnit Unit, RefTerm? Document, IReadOnlyList<string?> Captured, IReadOnlyList<SourceLocation> Locations);
