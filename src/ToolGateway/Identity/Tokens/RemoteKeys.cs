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

    /// <summary>Longest time of a fetch, metadata and keys together, and longest time that a caller waits for one. Late keys count for the next caller.</summary>
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly string _address;
    private readonly IDocumentRetriever _retriever;
    private readonly TimeProvider _clock;
    private readonly string? _metadataIssuer;
    private Task _fetch = Task.CompletedTask;
    private long _fetchStarted;
    private TimeSpan _pause;
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
        if (_last is not { } last)
            return null;
        // Not by the wall clock: one that is set back would keep revoked keys, and end the fetching, for as long.
        var age = _clock.GetElapsedTime(last.Stamp);
        if (age >= PollInterval)
            _ = Fetch();
        return age <= MaxAge ? last.Keys : null;
    }

    public override async ValueTask<KeySet?> RefreshAsync()
    {
        var fetch = Fetch();

        // Whoever comes later waits less: a server that hangs costs each caller little, and all of them together one wait.
        var left = MaxWait - _clock.GetElapsedTime(Volatile.Read(ref _fetchStarted));
        if (!fetch.IsCompleted && left > TimeSpan.Zero)
            await fetch.WaitAsync(left, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (fetch.IsCompleted)
            await fetch;
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
            _last = new Fetched(same, _clock.GetUtcNow(), _clock.GetTimestamp());
            _failure = null;
            return same;
        }
        catch (Exception e) when (e is IOException or JsonException or ArgumentException or InvalidOperationException or OperationCanceledException)
        {
            // InvalidOperationException: text that is not Unicode.
            Volatile.Write(ref _unreported, _failure = cancel.IsCancellationRequested ? $"no answer within {FetchTimeout.TotalSeconds} s" : e.GetBaseException().Message);
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

    private Task Fetch()
    {
        lock (_gate)
        {
            if (!_fetch.IsCompleted || (_pause > TimeSpan.Zero && _clock.GetElapsedTime(_fetchStarted) < _pause))
                return _fetch;
            _pause = _last is null ? FirstInterval : MinInterval;
            _fetchStarted = _clock.GetTimestamp();
            return _fetch = FetchAsync();
        }
    }

    private async Task FetchAsync()
    {
        // A manager of its own for each fetch: one that has a set refreshes it behind the caller's back, so that the first token with a new key would be
        // refused, and keeps it without end.
        var manager = new ConfigurationManager<KeySet>(_address, this, _retriever) { UseLastKnownGoodConfiguration = false };
        using var timeout = new CancellationTokenSource(FetchTimeout, _clock);
        try
        {
            await manager.GetConfigurationAsync(timeout.Token);
        }
        catch (InvalidOperationException) when (_failure is not null)
        {
            // The reason is kept; the last set goes on until it is too old, and the next caller may try again.
        }
    }

    private sealed record Fetched(KeySet Keys, DateTimeOffset At, long Stamp);
}
