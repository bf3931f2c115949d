using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ToolGateway.Audit.Writing;

/// <summary>
/// What the system does with a file's pages in memory. Best effort: a system that does not know a call writes and keeps pages as it likes, and nothing else changes.
/// </summary>
internal static class PageCache
{
    private const int DontNeed = 4;
    private const uint Write = 2;

    /// <summary>
    /// Forgets what is on disk. A log that is only ever appended to would push what others need out of the memory, and its records would go to pages that were
    /// never used before, which on a virtual machine can cost as much as the write (docs/performance.md).
    /// </summary>
    public static void Drop(SafeFileHandle file, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
            _ = Advise(file, offset, length, DontNeed);
    }

    /// <summary>Begins to write, and waits for nothing. What fails is told by the next flush.</summary>
    public static void BeginWrite(SafeFileHandle file, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
            _ = SyncRange(file, offset, length, Write);
    }

    [DllImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(SafeFileHandle file, long offset, long length, int advice);

    [DllImport("libc", EntryPoint = "sync_file_range")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncRange(SafeFileHandle file, long offset, long length, uint flags);
}
