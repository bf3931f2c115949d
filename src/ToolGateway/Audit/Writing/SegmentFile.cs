using Microsoft.Win32.SafeHandles;

namespace ToolGateway.Audit.Writing;

/// <summary>One file of the log, open for appending.</summary>
internal class SegmentFile(SafeFileHandle handle, string path) : IDisposable
{
    /// <summary>A multiple of every page size.</summary>
    private const long PieceSize = 512 << 10;

    private long _begun;
    private long _synced;
    private long _dropped;

    public string Path { get; } = path;

    /// <summary>Bytes of whole records; what lies beyond after a failed write is not part of the log.</summary>
    public long Length { get; private set; } = RandomAccess.GetLength(handle);

    /// <summary>How many pieces of a size that goes well to a disk are complete.</summary>
    public long Pieces => Length / PieceSize;

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

    /// <summary>Waits until everything is on disk.</summary>
    public virtual void Sync()
    {
        var length = Length;
        RandomAccess.FlushToDisk(handle);
        _synced = length;
    }

    /// <summary>
    /// Has complete pieces on their way to the disk, so that <see cref="Sync"/> finds little to do, and drops the oldest piece that is there from memory. Either at once for
    /// megabytes would keep a processor for milliseconds, and whichever calls it has.
    /// </summary>
    public virtual void WriteOut()
    {
        var complete = Pieces * PieceSize;
        PageCache.BeginWrite(handle, _begun, complete - _begun);
        _begun = complete;
        if (_dropped + PieceSize > _synced)
            return;
        PageCache.Drop(handle, _dropped, PieceSize);
        _dropped += PieceSize;
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
