using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ToolGateway.Load;

/// <summary>The clock of <see cref="Stopwatch"/> as Linux has it.</summary>
internal static class MonotonicClock
{
    private const int Monotonic = 1;
    private const int AbsoluteTime = 1;

    /// <summary>Sleeps to within some 50 µs; not at all when the time has passed.</summary>
    public static void SleepUntil(long timestamp)
    {
        var time = new Time(timestamp / Stopwatch.Frequency, timestamp % Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < timestamp)
            _ = Sleep(Monotonic, AbsoluteTime, in time, 0);
    }

    [DllImport("libc", EntryPoint = "clock_nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sleep(int clock, int flags, in Time until, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Time(long Seconds, long Nanoseconds);
}
