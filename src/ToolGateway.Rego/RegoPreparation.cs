namespace ToolGateway.Rego;

/// <summary>What preparing a query gave: the query, or the errors for which there is none.</summary>
/// <param name="Query">The prepared query; null when there are errors.</param>
/// <param name="Errors">All errors up to the cap, each with its place.</param>
public sealed record RegoPreparation(PreparedQuery? Query, IReadOnlyList<RegoError> Errors);
