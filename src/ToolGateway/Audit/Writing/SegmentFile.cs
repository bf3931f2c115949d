using Microsoft.Win32.SafeHandles;

namespace ToolGateway.Audit.Writing;

/// <summary>One file of the log, open for appending.</summary>
internal class SegmentFile(SafeFileHandle handle, string path) : IDisposable
{
    /// <summary>A multiple of every page size; what was written last stays in memory for those who read along.</summary>
    private const long DropSize = 1 << 20;

    private long _synced;
    private long _dropped;

    public string Path { get; } = path;

    /// <summary>Bytes of whole records; what lies beyond after a failed write is not part of the log.</summary>
    public long Length { get; private set; } = RandomAccess.GetLength(handle);

    /// <summary>Appends whole records. After an exception the file may hold part of them; <see cref="Repair"/> removes it.</summary>
    public void Append(ReadOnlySpan<byte> lines)
    {
        Write(lines, Length);
        Length += lines.Length;
    }

    /// <summary>Cuts off what a failed write left behind.</summary>
    public virtual void Repair()
    {
        if (RandomAccess.GetLength(handle) != Length)
            RandomAccess.SetLength(handle, Length);
    }

    /// <summary>Waits until everything is on disk. What an earlier flush covered is dropped from memory.</summary>
    public virtual void Sync()
    {
        var length = Length;
        RandomAccess.FlushToDisk(handle);
        var whole = _synced / DropSize * DropSize;
        _synced = length;
        if (whole <= _dropped)
            return;
        PageCache.Drop(handle, _dropped, whole - _dropped);
        _dropped = whole;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

    protected virtual void Dispose(bool disposing) => handle.Dispose();
}

/// <summary>Opens the files of the log; a test puts slow, full or failing ones in its place.</summary>
internal class SegmentStorage
{
    public virtual SegmentFile Open(string path) => new(OpenHandle(path), path);

    /// <summary>Owner and group may read: auditors are put into the group.</summary>
    protected static SafeFileHandle OpenHandle(string path)
    {
        if (!File.Exists(path) && !OperatingSystem.IsWindows())
            new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            }).Dispose();
        return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }
}
