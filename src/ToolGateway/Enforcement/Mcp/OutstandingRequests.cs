using Microsoft.Extensions.Caching.Memory;
using ToolGateway.Rego.Values;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>
/// Requests that servers sent to clients of older revisions and that wait for a response. A response that nobody waits for is refused: it would be a way to put
/// words into another exchange.
/// </summary>
internal sealed class OutstandingRequests : IDisposable
{
    private const int MaxRequests = 10_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly MemoryCache _requests = new(new MemoryCacheOptions { SizeLimit = MaxRequests });

    public void Add(string? sessionId, string holder, RegoValue id) =>
        _requests.Set(Key(sessionId, holder, id), true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime });

    /// <summary>Whether the request was outstanding; it is not any more.</summary>
    public bool Take(string? sessionId, string holder, RegoValue id)
    {
        var key = Key(sessionId, holder, id);
        lock (_lock)
        {
            if (!_requests.TryGetValue(key, out _))
                return false;
            _requests.Remove(key);
            return true;
        }
    }

    public void Dispose() => _requests.Dispose();

    private static (string? Session, string Holder, string Id) Key(string? sessionId, string holder, RegoValue id) => (sessionId, holder, id.ToJson());
}
