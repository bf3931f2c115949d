using ToolGateway.Rego.Values;

namespace ToolGateway.Identity.Tokens;

/// <summary>A token whose signature and own claims were verified; what depends on the call (tool, certificate, time) is still to be checked.</summary>
internal sealed class VerifiedToken
{
    private volatile ResolvedCaller? _caller;

    public required TokenRules Rules { get; init; }

    /// <summary>The set that held the key.</summary>
    public required KeySet Keys { get; init; }

    public required string[] Audiences { get; init; }

    /// <summary>Value of <c>cnf.x5t#S256</c>, or null for a token that is not bound.</summary>
    public string? BoundTo { get; init; }

    public required bool MustBeBound { get; init; }

    public required TokenSubject Subject { get; init; }

    public VerifiedIntent? Intent { get; init; }

    public RegoObject Claims { get; init; } = RegoObject.Empty;

    public string? Issuer { get; init; }

    public required CredentialInfo Credential { get; init; }

    /// <summary>The caller that this token alone makes with the agents of one snapshot; remembered, because the same token comes again and again.</summary>
    public ResolvedCaller? Caller
    {
        get => _caller;
        set => _caller = value;
    }
}
