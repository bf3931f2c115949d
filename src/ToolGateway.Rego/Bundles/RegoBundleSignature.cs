namespace ToolGateway.Rego.Bundles;

/// <summary>A signature that was verified.</summary>
/// <param name="Algorithm">Its algorithm by its name in JWA: <c>RS256</c>.</param>
/// <param name="KeyId">The key that it names, from the token's <c>kid</c> or the claim <c>keyid</c>; null when it names none.</param>
/// <param name="Scope">Its scope, or null.</param>
/// <param name="Issuer">Who says to have signed, or null.</param>
/// <param name="IssuedAt">When, or null.</param>
public sealed record RegoBundleSignature(string Algorithm, string? KeyId, string? Scope, string? Issuer, DateTimeOffset? IssuedAt);
