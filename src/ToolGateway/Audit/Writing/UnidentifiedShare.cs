namespace ToolGateway.Audit.Writing;

/// <summary>
/// The share of the log that calls without an identity have: so many a second, and at most a tenth of a segment. What is beyond is counted by reason, with the
/// first sources.
/// </summary>
internal sealed class UnidentifiedShare(int perSecond, long bytesPerSegment, TimeProvider time)
{
    private const int MaxReasons = 32;
    private const int MaxSources = 16;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _sources = new(StringComparer.Ordinal);
    private Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _second = time.GetTimestamp();
    private int _taken;
    private long _bytes;
    private bool _more;

    /// <summary>Whether one more may be recorded now.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_second) >= TimeSpan.FromSeconds(1))
                (_second, _taken) = (time.GetTimestamp(), 0);
            if (_taken >= perSecond || _bytes >= bytesPerSegment)
                return false;
            _taken++;
            return true;
        }
    }

    public void Charge(int bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>A new segment begins with its whole share.</summary>
    public void NewSegment() => Interlocked.Exchange(ref _bytes, 0);

    public void Suppress(string reason, string source)
    {
        lock (_gate)
        {
            var key = _counts.ContainsKey(reason) || _counts.Count < MaxReasons ? reason : "_other";
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
            if (_sources.Count < MaxSources)
                _sources.Add(source);
            else
                _more |= !_sources.Contains(source);
        }
    }

    /// <summary>What was suppressed since the last time; null when nothing was.</summary>
    public Suppressed? Take()
    {
        lock (_gate)
        {
            if (_counts.Count == 0)
                return null;
            var result = new Suppressed(_counts, [.. _sources], _more);
            _counts = new(StringComparer.Ordinal);
            _sources.Clear();
            _more = false;
            return result;
        }
    }
}

/// <summary>Calls that were counted instead of recorded.</summary>
internal sealed record Suppressed(IReadOnlyDictionary<string, int> Counts, IReadOnlyCollection<string> Sources, bool MoreSources);
