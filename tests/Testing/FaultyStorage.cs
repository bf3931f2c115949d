using Microsoft.Win32.SafeHandles;
using ToolGateway.Audit.Writing;

namespace ToolGateway.Testing;

/// <summary>Files on a disk that can be full, slow or broken at will.</summary>
internal sealed class FaultyStorage : SegmentStorage
{
    private long _room = long.MaxValue;

    /// <summary>Bytes until the disk is full; a write that does not fit is done in part, as a kernel does.</summary>
    public long Room
    {
        get => Volatile.Read(ref _room);
        set => Volatile.Write(ref _room, value);
    }

    public TimeSpan WriteDelay { get; set; }

    /// <summary>While it is not set, no write returns.</summary>
    public ManualResetEventSlim Answers { get; } = new(initialState: true);

    /// <summary>While it is not set, no flush returns.</summary>
    public ManualResetEventSlim Flushes { get; } = new(initialState: true);

    public bool SyncFails { get; set; }

    public bool OpenFails { get; set; }

    public bool RepairFails { get; set; }

    /// <summary>As after a remount: neither writing nor truncating is allowed.</summary>
    public bool IsReadOnly { get; set; }

    public int Writes { get; private set; }

    public int Syncs { get; private set; }

    public int WriteOuts { get; private set; }

    public override SegmentFile Open(string path) => OpenFails ? throw new IOException("No space left on device") : new FaultyFile(this, OpenHandle(path), path);

    private sealed class FaultyFile(FaultyStorage storage, SafeFileHandle handle, string path) : SegmentFile(handle, path)
    {
        public override void Repair()
        {
            if (storage.IsReadOnly)
                throw new UnauthorizedAccessException("Read-only file system");
            if (storage.RepairFails)
                throw new IOException("Input/output error");
            base.Repair();
        }

        public override void Sync()
        {
            storage.Syncs++;
            storage.Flushes.Wait();
            if (storage.SyncFails)
                throw new IOException("Input/output error");
        }

        public override void WriteOut()
        {
            storage.WriteOuts++;
            base.WriteOut();
        }

        protected override void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            storage.Writes++;
            if (storage.WriteDelay > TimeSpan.Zero)
                Thread.Sleep(storage.WriteDelay);
            storage.Answers.Wait();
            if (storage.IsReadOnly)
                throw new UnauthorizedAccessException("Read-only file system");
            var fits = (int)Math.Min(bytes.Length, storage.Room);
            base.Write(bytes[..fits], offset);
            storage.Room -= fits;
            if (fits < bytes.Length)
                throw new IOException("No space left on device");
        }
    }
}
