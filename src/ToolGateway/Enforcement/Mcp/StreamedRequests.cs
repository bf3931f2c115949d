using Microsoft.Extensions.Caching.Memory;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>
/// Requests of older revisions that are answered by a stream. When it breaks, the client may fetch the response on another stream, where it must be shaped just the same.
/// </summary>
internal sealed class StreamedRequests : IDisposable
{
    private const int MaxRequests = 10_000;

    private const int MaxOfOneId = 8;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly MemoryCache _requests = new(new MemoryCacheOptions { SizeLimit = MaxRequests });

    /// <summary>Remembers a request beside others with its id: ids are the client's, and one that came again must not decide what an earlier response shows.</summary>
    public void Add(string? sessionId, string holder, RegoValue id, StreamedRequest request)
    {
        lock (_lock)
        {
            var all = Join(Find(sessionId, holder, id), request);
            _requests.Set((sessionId, holder, id.ToJson()), all, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime });
        }
    }

    /// <summary>The requests with an id; null when none is known. Empty when there were too many: as with none, nobody can say what the response may show.</summary>
    public IReadOnlyList<StreamedRequest>? Find(string? sessionId, string holder, RegoValue id) =>
        _requests.Get<IReadOnlyList<StreamedRequest>>((sessionId, holder, id.ToJson()));

    /// <summary>A request beside those that are known by its id.</summary>
    public static IReadOnlyList<StreamedRequest> Join(IReadOnlyList<StreamedRequest>? known, StreamedRequest request) =>
        known is null ? [request]
        : known.Count == 0 || known.Any(request.IsShapedAs) ? known
        : known.Count == MaxOfOneId ? [] : [.. known, request];

    public void Dispose() => _requests.Dispose();
}

/// <summary>What decides the shape of a response: the request's method, and what the policy wants redacted.</summary>
internal sealed record StreamedRequest(string Method, IReadOnlyList<string> Redacted)
{
    public bool IsShaped => Redacted.Count > 0 || McpMethods.ListedBy(Method) is not null;

    public bool IsShapedAs(StreamedRequest other) => Method == other.Method && Redacted.SequenceEqual(other.Redacted, StringComparer.Ordinal);
}
