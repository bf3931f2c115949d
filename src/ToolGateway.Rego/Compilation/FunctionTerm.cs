using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Compilation;

/// <summary>A function or built-in as the value of a <c>with</c> modifier; stands in no other place.</summary>
internal sealed record FunctionTerm(RefTerm Operator, SourceLocation Location) : Term(Location);
