using System.Globalization;

namespace ToolGateway.Hosting;

/// <summary>
/// The threads on which the runtime waits for sockets. In the executable they also run what waited for a tool's answer, which spares waking a thread of the pool for each
/// (ADR 0017). Each serves many connections, so nothing that may block or take long stays there: <see cref="ClientConnection"/> lets only small reads go on there, and whatever
/// inspects answers or begins calls leaves first.
/// </summary>
internal static class EventLoop
{
    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string Threads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>Whether this is a thread that must not be held up.</summary>
    public static bool IsCurrent => !Thread.CurrentThread.IsThreadPoolThread;

    /// <summary>How many there are that go on with what waited; 0 when the runtime was left as it comes.</summary>
    public static int Count { get; private set; }

    /// <summary>What is awaited after it goes on on the thread pool.</summary>
    public static ValueTask LeaveAsync() => IsCurrent ? new ValueTask(YieldAsync()) : default;

    /// <summary>Reads a piece of what is going to be inspected, which takes as long as there is much of it.</summary>
    public static async ValueTask<int> ReadAndLeaveAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellation)
    {
        var read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        await LeaveAsync().ConfigureAwait(false);
        return read;
    }

    /// <summary>Has the runtime go on where it waits. It asks once, before the first socket; what the operator has set in the environment stays.</summary>
    public static void GoOnWhereSocketsWait()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Inline) is not null)
            return;
        Environment.SetEnvironmentVariable(Inline, "1");

        // The other half of the processors decides and writes records, on the pool.
        Count = int.TryParse(Environment.GetEnvironmentVariable(Threads), CultureInfo.InvariantCulture, out var wanted) ? wanted : Math.Max(1, Environment.ProcessorCount / 2);
        Environment.SetEnvironmentVariable(Threads, Count.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task YieldAsync() => await Task.Yield();
}
