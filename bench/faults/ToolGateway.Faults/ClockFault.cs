using System.Diagnostics;

namespace ToolGateway.Faults;

/// <summary>The wall clock of the gateway's process jumps: through a library that is compiled on the spot and loaded before all others.</summary>
internal static class ClockFault
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Null where there is no C compiler.</summary>
    public static string? Library { get; private set; }

    public static Fault Fault { get; } = new("gateway-clock", "the gateway's clock jumps 3 min back, 10 min ahead, 2 days ahead, 2 days back, and to the right time", RunAsync)
    {
        Attach = Attach,
    };

    /// <summary>Why the clock cannot be moved here; null when it can.</summary>
    public static async Task<string?> PrepareAsync(string source, string directory)
    {
        var library = Path.Combine(directory, "clock.so");
        try
        {
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"]);
            await compiler.WaitForExitAsync();
            Library = compiler.ExitCode == 0 ? library : null;
            return Library is null ? $"cc ended with exit code {compiler.ExitCode}" : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "no C compiler (cc) to build the library that moves one process's clock";
        }
    }

    private static void Attach(Site site)
    {
        var file = Path.Combine(site.Fixture.Directory, "clock");
        File.WriteAllBytes(file, new byte[8]);
        site.Variables["LD_PRELOAD"] = Library;
        site.Variables["CLOCK_OFFSET"] = file;
    }

    private static async Task RunAsync(Site site)
    {
        await HoldAsync(site, TimeSpan.FromMinutes(-3));
        await HoldAsync(site, TimeSpan.FromMinutes(10));
        var before = site.Answers.All;
        if (before.Count(answer => !answer.IsExpected) is > 0 and var unexpected)
            site.Violations.Add($"{unexpected} answers changed with a clock that moved within the credentials' validity");
        await HoldAsync(site, 2 * Day);
        await HoldAsync(site, -2 * Day);
        await HoldAsync(site, TimeSpan.Zero, 0);
        site.Repaired();
    }

    private static async Task HoldAsync(Site site, TimeSpan offset, double seconds = 1.5)
    {
        // Written in place: the gateway has the file mapped.
        using var file = File.OpenHandle(site.Variables["CLOCK_OFFSET"]!, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, BitConverter.GetBytes((long)offset.TotalSeconds), 0);
        await site.HoldAsync(seconds);
    }
}
