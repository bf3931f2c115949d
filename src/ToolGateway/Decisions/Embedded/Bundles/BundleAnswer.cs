namespace ToolGateway.Decisions.Embedded.Bundles;

/// <summary>What became of one question for a newer bundle.</summary>
/// <param name="Result">One of <see cref="BundleResults"/>.</param>
/// <param name="Detail">For a failure: what is wrong, and the repair.</param>
internal sealed record BundleAnswer(string Result, string? Detail = null)
{
    /// <summary>The bundle that came, as yet unverified; empty unless <see cref="Result"/> is <see cref="BundleResults.Updated"/>.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    public string? ETag { get; init; }

    /// <summary>Whether the service holds its next answer until there is a newer bundle.</summary>
    public bool IsLongPoll { get; init; }

    public bool IsGood => Result is BundleResults.Updated or BundleResults.Unchanged;
}

/// <summary>The closed list of results, as metrics show them.</summary>
internal static class BundleResults
{
    public const string Updated = "updated";
    public const string Unchanged = "unchanged";

    /// <summary>Token or certificate files cannot be used.</summary>
    public const string Credentials = "credentials";
    public const string Connection = "connection";
    public const string Timeout = "timeout";

    /// <summary>Neither 200 nor 304, or a redirect that is not followed.</summary>
    public const string Status = "status";
    public const string TooLarge = "too_large";

    /// <summary>No bundle, not signed as demanded, or with a policy that does not compile.</summary>
    public const string Invalid = "invalid";

    /// <summary>Older than the bundle in use or kept.</summary>
    public const string Older = "older";

    /// <summary>It could not be written to <c>PersistPath</c>.</summary>
    public const string NotKept = "not_kept";

    public static IReadOnlyList<string> All { get; } = [Updated, Unchanged, Credentials, Connection, Timeout, Status, TooLarge, Invalid, Older, NotKept];
}
