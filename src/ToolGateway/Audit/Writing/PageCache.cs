using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ToolGateway.Audit.Writing;

/// <summary>
/// Has the system forget what a file's pages hold, once it is on disk. A log that is only ever appended to would push what others need out of the memory, and its records
/// would go to pages that were never used before, which on a virtual machine can cost as much as the write (docs/performance.md).
/// </summary>
internal static class PageCache
{
    private const int DontNeed = 4;

    /// <summary>Best effort: a system that does not know the call keeps the pages, and nothing else changes.</summary>
    public static void Drop(SafeFileHandle file, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
            _ = Advise(file, offset, length, DontNeed);
    }

    [DllImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(SafeFileHandle file, long offset, long length, int advice);
}
