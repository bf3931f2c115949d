using ToolGateway.Rego.Values;

namespace ToolGateway.Rego;

/// <summary>A function of the host that policies may call.</summary>
/// <param name="Declaration">Name and types as OPA writes them: <c>acme.lookup(key:string) -> object</c>.</param>
/// <param name="Body">Computes the result from the arguments; null is undefined. It must be safe for concurrent use and must not throw.</param>
/// <param name="IsDeterministic">Whether the same arguments always give the same result.</param>
public sealed record RegoFunction(string Declaration, Func<IReadOnlyList<RegoValue>, RegoValue?> Body, bool IsDeterministic);
