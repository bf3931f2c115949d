using System.Collections.Frozen;

namespace ToolGateway.Identity.Tokens;

/// <summary>What every token of one signer must be. A new object whenever one of these, or a key in a file, changes.</summary>
internal sealed class TokenRules
{
    /// <summary>The <c>typ</c> of access tokens (RFC 9068), as <see cref="TypeName"/> gives it.</summary>
    public const string AccessToken = "at+jwt";

    /// <summary><c>jwt</c> or <c>jwt_svid</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The exact <c>iss</c>, or null when the subject's trust domain stands for it.</summary>
    public string? Issuer { get; init; }

    public required string Audience { get; init; }

    /// <summary>Accepted <c>typ</c> values, lower-case and without <c>application/</c>.</summary>
    public required FrozenSet<string> Types { get; init; }

    public required bool IsTypeRequired { get; init; }

    public required FrozenSet<string> Algorithms { get; init; }

    public required bool IsKeyIdRequired { get; init; }

    public required TimeSpan MaxLifetime { get; init; }

    public required KeySource Keys { get; init; }

    /// <summary>Whether the header <c>typ</c> is one that the signer uses for tokens like these.</summary>
    public bool AcceptsType(string? type) => type is null ? !IsTypeRequired : Types.Contains(TypeName(type));

    /// <summary>A media type in the form in which two are compared (RFC 7515 section 4.1.9).</summary>
    public static string TypeName(string type)
    {
        const string Prefix = "application/";
        var name = type.ToLowerInvariant();
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
    }
}
