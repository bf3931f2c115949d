namespace ToolGateway.Rego.Bundles;

/// <summary>What reading a bundle gave: the bundle, or the errors for which there is none.</summary>
/// <param name="Bundle">The bundle; null when there are errors.</param>
/// <param name="Errors">What is wrong, with the file, each of code <see cref="RegoErrorCodes.Bundle"/>.</param>
public sealed record RegoBundleReading(RegoBundle? Bundle, IReadOnlyList<RegoError> Errors);
