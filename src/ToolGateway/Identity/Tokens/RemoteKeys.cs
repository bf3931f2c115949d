using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Protocols;

namespace ToolGateway.Identity.Tokens;

/// <summary>
/// Keys from a JWK Set address or from metadata. A set is used for at most an hour after it was fetched; it is fetched again every five minutes, and when a token
/// names a key that is not in it, the latter at a bounded rate.
/// </summary>
internal sealed class RemoteKeys : KeySource, IConfigurationRetriever<KeySet>
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMinutes(5);

    /// <summary>Shortest time between two fetches, and while there is no set at all.</summary>
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly string _address;
    private readonly IDocumentRetriever _retriever;
    private readonly TimeProvider _clock;
    private readonly string? _metadataIssuer;
    private Task _fetch = Task.CompletedTask;
    private DateTimeOffset _nextFetch;
    private volatile Fetched? _last;
    private volatile string? _failure;
    private string? _unreported;

    /// <param name="address">Address of the JWK Set, or of the metadata.</param>
    /// <param name="metadataIssuer">The issuer that the metadata must name; null when <paramref name="address"/> is the JWK Set's.</param>
    /// <param name="clock">The clock for ages and rates.</param>
    public RemoteKeys(Uri address, string? metadataIssuer, TimeProvider clock)
    {
        _clock = clock;
        _metadataIssuer = metadataIssuer;
        _address = address.AbsoluteUri;
        _retriever = KeyClient.Retriever(address);
    }

    public override KeySet? Last => _last?.Keys;

    public override DateTimeOffset? FetchedAt => _last?.At;

    public override string? Failure => _failure;

    public override string? TakeFailure() => Interlocked.Exchange(ref _unreported, null);

    public override KeySet? Current()
    {
        var (last, now) = (_last, _clock.GetUtcNow());
        if (last is null)
            return null;
        if (now - last.At >= PollInterval)
            _ = Fetch(now);
        return now - last.At <= MaxAge ? last.Keys : null;
    }

    public override async ValueTask<KeySet?> RefreshAsync()
    {
        await Fetch(_clock.GetUtcNow());
        return Current();
    }

    /// <summary>Called by the manager: reads the set from its address.</summary>
    public async Task<KeySet> GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel)
    {
        try
        {
            if (_metadataIssuer is not null)
                address = JwksAddress(await retriever.GetDocumentAsync(address, cancel), _metadataIssuer);
            var keys = KeySet.Parse(Encoding.UTF8.GetBytes(await retriever.GetDocumentAsync(address, cancel)), []);
            var same = _last is { } last && last.Keys.HasSameContent(keys) ? last.Keys : keys;
            _last = new Fetched(same, _clock.GetUtcNow());
            _failure = null;
            return same;
        }
        catch (Exception e) when (e is IOException or JsonException or ArgumentException)
        {
            Volatile.Write(ref _unreported, _failure = e.GetBaseException().Message);
            throw;
        }
    }

    private static string JwksAddress(string metadata, string issuer)
    {
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(metadata));
        if (Text(document, "issuer") != issuer)
            throw new JsonException("the metadata is another issuer's");
        return Uri.TryCreate(Text(document, "jwks_uri"), UriKind.Absolute, out var address) && KeyClient.IsAllowed(address)
            ? address.AbsoluteUri
            : throw new JsonException("the metadata has no jwks_uri with https");
    }

    private static string? Text(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private Task Fetch(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_fetch.IsCompleted || now < _nextFetch)
                return _fetch;
            _nextFetch = now + (_last is null ? FirstInterval : MinInterval);
            return _fetch = FetchAsync();
        }
    }

    private async Task FetchAsync()
    {
        // A manager of its own for each fetch: one that has a set refreshes it behind the caller's back, so that the first token with a new key would be
        // refused, and keeps it without end.
        var manager = new ConfigurationManager<KeySet>(_address, this, _retriever) { UseLastKnownGoodConfiguration = false };
        try
        {
            await manager.GetConfigurationAsync(CancellationToken.None);
        }
        catch (InvalidOperationException) when (_failure is not null)
        {
            // The reason is kept; the last set goes on until it is too old, and the next caller may try again.
        }
    }

    private sealed record Fetched(KeySet Keys, DateTimeOffset At);
}
