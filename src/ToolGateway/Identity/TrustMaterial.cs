using System.Collections.Frozen;

namespace ToolGateway.Identity;

/// <summary>Trust bundles by trust domain and issuers by <c>iss</c>, read from their files for one snapshot.</summary>
internal sealed class TrustMaterial
{
    public static TrustMaterial Empty { get; } = new();

    /// <summary>Files that the material was read from, as paths.</summary>
    public FrozenSet<string> Files { get; init; } = FrozenSet<string>.Empty;
}
