using Microsoft.Extensions.Caching.Memory;
using ToolGateway.Rego.Values;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>
/// Requests of older revisions that are answered by a stream. When it breaks, the client may fetch the response on another stream, where it must be shaped just the same.
/// </summary>
internal sealed class StreamedRequests : IDisposable
{
    private const int MaxRequests = 10_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly MemoryCache _requests = new(new MemoryCacheOptions { SizeLimit = MaxRequests });

    public void Add(string? sessionId, string holder, RegoValue id, StreamedRequest request) =>
        _requests.Set((sessionId, holder, id.ToJson()), request, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime });

    /// <summary>The request, or null when it is not known: then nobody can say what its response may show.</summary>
    public StreamedRequest? Find(string? sessionId, string holder, RegoValue id) => _requests.Get<StreamedRequest>((sessionId, holder, id.ToJson()));

    public void Dispose() => _requests.Dispose();
}

/// <summary>What decides the shape of a response: the request's method, and what the policy wants redacted.</summary>
internal sealed record StreamedRequest(string Method, IReadOnlyList<string> Redacted);
