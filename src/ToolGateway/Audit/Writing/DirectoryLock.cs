namespace ToolGateway.Audit.Writing;

/// <summary>Keeps other processes out of a log's directory. The kernel lets go of it when the process dies.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or gives null when another process still holds it after <paramref name="wait"/>.</summary>
    /// <param name="waiting">Called once when there is something to wait for.</param>
    public static async Task<DirectoryLock?> TakeAsync(string directory, TimeSpan wait, TimeProvider time, Action waiting, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new DirectoryLock(new FileStream(
                    Path.Combine(directory, SegmentNames.Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && IsSharing(e))
            {
                if (time.GetElapsedTime(started) >= wait)
                    return null;
            }

            if (attempt == 0)
                waiting();

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>EWOULDBLOCK of flock, or a sharing violation: another process holds the file; anything else is a broken directory.</summary>
    private static bool IsSharing(IOException e) => (e.HResult & 0xffff) is 11 or 35 or 32 or 33;
}
