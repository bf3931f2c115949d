using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace ToolGateway.Identity;

/// <summary>Finds the bearer token of a request, in the one place where it may be (RFC 6750 section 2.1).</summary>
internal static class BearerToken
{
    /// <summary>Longest token that is looked at.</summary>
    public const int MaxLength = 16 << 10;

    private const string Scheme = "Bearer";
    private const string QueryName = "access_token";

    public static bool HasTokenInQuery(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
            return false;
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (pair.DecodeName().Span.Equals(QueryName, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>The token in the header; the result is the refusal when it holds anything else.</summary>
    public static IdentityRefusal? Read(StringValues authorization, out ReadOnlySpan<char> token)
    {
        token = default;
        if (authorization.Count > 1)
            return Refusals.SeveralAuthorizations;
        var header = authorization[0].AsSpan();
        if (header.Length <= Scheme.Length || header[Scheme.Length] != ' ' || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return Refusals.Token("the Authorization header has another scheme than Bearer");
        token = header[(Scheme.Length + 1)..].Trim(' ');
        return token.Length > MaxLength ? Refusals.Token($"the token is longer than {MaxLength} characters") : null;
    }
}
