using System.Runtime.InteropServices;
using System.Text;

namespace ToolGateway.Audit.Writing;

/// <summary>Flushes a directory, so that a file made in it is still there after a power loss. The runtime has no call for it.</summary>
internal static class DirectorySync
{
    /// <summary>Best effort: where directories cannot be flushed (Windows, some network file systems) creating a file is durable by itself or not at all.</summary>
    public static void Flush(string directory)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var descriptor = Open(Encoding.UTF8.GetBytes(directory + '\0'), 0, 0);
        if (descriptor < 0)
            return;
        _ = Fsync(descriptor);
        _ = Close(descriptor);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags, int mode);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
