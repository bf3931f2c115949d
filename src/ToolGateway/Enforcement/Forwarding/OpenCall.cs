using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ToolGateway.Enforcement.Blocking;
using ToolGateway.Identity;

namespace ToolGateway.Enforcement.Forwarding;

/// <summary>One call from its first to its last byte. Whoever cuts it first says why.</summary>
internal sealed class OpenCall : IDisposable
{
    public const long NoDeadline = long.MaxValue;

    // Also what the members are locked with: a lock of its own would be one object more for every call.
    [SuppressMessage("Usage", "CA2213", Justification = "It has no timer and no handle, and whoever cuts a call that ends just then may still cancel it.")]
    private readonly CancellationTokenSource _cancellation = new();
    private CancellationTokenRegistration _aborted;
    private CancellationToken _clientAborted;
    private volatile string? _cut;
    private bool _ended;
    private ClientLoss? _loss;
    private TaskCompletionSource? _over;

    /// <summary>Cancelled when the call is cut or its client is gone.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Why the call was cut (a value of the outcome record's <c>ended</c>), or null.</summary>
    public string? CutBecause => _cut;

    public bool IsClientGone => _clientAborted.IsCancellationRequested;

    /// <summary>Whether the client is gone, and what the tool answers is read on without it.</summary>
    public bool IsDraining => IsClientGone && _loss is not null;

    /// <summary>The exchange that the answer belongs to, when it may outlive its client.</summary>
    public string? Stream => _loss?.Stream;

    /// <summary>Completes when a call that may outlive its client has let go of the tool.</summary>
    public Task Over => _over?.Task ?? Task.CompletedTask;

    /// <summary>Timestamp at which the call is cut as too slow.</summary>
    public long Deadline { get; set; } = NoDeadline;

    /// <summary>Deadline that stays when the first byte of the answer came.</summary>
    public long TotalDeadline { get; set; } = NoDeadline;

    /// <summary>Timestamp at which the call was handed to YARP.</summary>
    public long ForwardedTimestamp { get; private set; }

    /// <summary>Whose expiry and registration keep the call open.</summary>
    public Caller? Caller { get; set; }

    /// <summary>The connection that the call came over.</summary>
    public string? ConnectionId { get; set; }

    /// <summary>The call's HTTP/2 stream on that connection; 0 in HTTP/1.1.</summary>
    public int StreamId { get; set; }

    /// <summary>What to answer instead of the tool's response.</summary>
    public Block? ResponseBlock { get; set; }

    public CountingResponseBody? Response { get; set; }

    public DigestingRequestBody? Request { get; set; }

    /// <summary>What the caller has sent on a connection that left HTTP.</summary>
    public long TunnelledBytes { get; set; }

    public Limits.CallLeases Leases;

    internal OpenCall? Next { get; set; }

    internal OpenCall? Previous { get; set; }

    /// <summary>Ends the call's token with the client's connection.</summary>
    public void Follow(CancellationToken clientAborted)
    {
        _clientAborted = clientAborted;
        _aborted = clientAborted.UnsafeRegister(static state => ((OpenCall)state!).LoseClient(), this);
    }

    /// <summary>From now on the call goes on without its client, within limits.</summary>
    public void Outlive(ClientLoss loss)
    {
        lock (_cancellation)
        {
            _over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _loss = loss;
        }
    }

    /// <summary>Cuts the call, unless something else did.</summary>
    public void Cut(string because)
    {
        lock (_cancellation)
        {
            if (_cut is not null || _ended)
                return;
            _cut = because;
        }

        // Not under the lock: what is cancelled may run to the call's end at once, and that waits for a client's loss that is being heard.
        _cancellation.Cancel();
    }

    /// <summary>Sets the deadline to the first byte, and the one that stays.</summary>
    public void StartDeadlines(TimeSpan firstByte, TimeSpan? total)
    {
        var now = ForwardedTimestamp = Stopwatch.GetTimestamp();
        TotalDeadline = total is { } limit ? After(now, limit) : NoDeadline;
        Deadline = Math.Min(After(now, firstByte), TotalDeadline);
    }

    /// <summary>The first byte of the answer came: from now on only the deadline of the whole counts.</summary>
    public void BeginAnswer()
    {
        // A client that leaves just now brings its deadline forward.
        lock (_cancellation)
            Deadline = TotalDeadline;
    }

    public void StartDeadline(TimeSpan limit) => Deadline = After(Stopwatch.GetTimestamp(), limit);

    public void Dispose()
    {
        _aborted.Dispose();
        Leases.Release();
        lock (_cancellation)
            _ended = true;
        _over?.TrySetResult();
    }

    private void LoseClient()
    {
        lock (_cancellation)
        {
            if (_loss is { } loss)
            {
                TotalDeadline = Math.Min(TotalDeadline, After(Stopwatch.GetTimestamp(), loss.Time));
                Deadline = Math.Min(Deadline, TotalDeadline);
                Response!.Drain(loss.Bytes);
                return;
            }
        }

        _cancellation.Cancel();
    }

    private static long After(long now, TimeSpan time) =>
        time.TotalSeconds * Stopwatch.Frequency is var ticks && ticks < NoDeadline - now ? now + (long)ticks : NoDeadline;
}

/// <summary>How far a call goes on whose client is gone.</summary>
/// <param name="Stream">The exchange that the answer belongs to.</param>
/// <param name="Time">Longest time.</param>
/// <param name="Bytes">Most bytes of the tool's answer.</param>
internal sealed record ClientLoss(string Stream, TimeSpan Time, long Bytes);
