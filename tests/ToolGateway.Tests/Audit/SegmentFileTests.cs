using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ToolGateway.Audit;
using ToolGateway.Audit.Writing;
using ToolGateway.Testing;

namespace ToolGateway.Tests.Audit;

public sealed class SegmentFileTests : IDisposable
{
    private const int Piece = 512 << 10;

    // Not in /tmp, which may have no disk behind it.
    private readonly string _path = Path.Combine(AppContext.BaseDirectory, $"segment-{Guid.NewGuid():N}.jsonl");

    public void Dispose() => File.Delete(_path);

    [CacheStatFact]
    public async Task WriteOut_WithoutAFlush_HasCompletePiecesOnTheirWay()
    {
        using var segment = new SegmentStorage().Open(_path);
        segment.Append(Lines(Piece * 3));
        Assert.InRange(Dirty(Piece * 3), 1, long.MaxValue);

        segment.WriteOut();

        // By itself the system begins after thirty seconds.
        await TestLog.UntilAsync(() => Dirty(Piece * 3) == 0);
    }

    [CacheStatFact]
    public async Task WriteOut_OfALongLog_KeepsOnlyWhatCameLastInMemory()
    {
        using var segment = new SegmentStorage().Open(_path);
        for (var i = 0; i < 32; i++)
        {
            // In small writes, as batches are: the system keeps what came in one write together, and drops all of it or nothing.
            for (var j = 0; j < 16; j++)
                segment.Append(Lines(Piece / 16));
            segment.WriteOut();
            if (i == 15)
                segment.Sync();
        }

        Assert.Equal(0, Resident(Piece * 16));
        Assert.InRange(Resident(Piece * 32), 1, long.MaxValue);
        Assert.Equal(Lines(Piece * 32), await File.ReadAllBytesAsync(_path));
    }

    [Fact]
    public async Task Log_ThatGrows_IsWrittenOutPieceByPiece()
    {
        var storage = new FaultyStorage();
        await using var log = new TestLog(new AuditOptions { CheckpointRecords = 1_000_000 }) { Storage = storage };
        await log.OpenAsync();
        var syncs = storage.Syncs;
        while (new FileInfo(Assert.Single(SegmentNames.Segments(log.Directory))).Length < Piece * 5 / 2)
            await log.CallsAsync(50);
        await TestLog.UntilAsync(() => storage.WriteOuts >= 2);

        Assert.Equal((2, syncs), (storage.WriteOuts, storage.Syncs));
    }

    private static byte[] Lines(int length)
    {
        var lines = new byte[length];
        Array.Fill(lines, (byte)'a');
        return lines;
    }

    private long Dirty(long length) => CacheStat.Of(_path, length).Dirty;

    private long Resident(long length) => CacheStat.Of(_path, length).Cached;

    /// <summary>A test that asks the system which pages of a file it holds; Linux can tell since 6.5.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class CacheStatFactAttribute : FactAttribute
    {
        public CacheStatFactAttribute() => Skip = CacheStat.IsKnown ? null : "this system does not tell which pages of a file it holds";
    }

    private static class CacheStat
    {
        private const long Call = 451;

        public static bool IsKnown => OperatingSystem.IsLinux() && Ask(typeof(CacheStat).Assembly.Location, 1, out _) == 0;

        /// <summary>In pages, from the beginning of the file.</summary>
        public static (long Cached, long Dirty) Of(string path, long length) =>
            Ask(path, length, out var counts) == 0 ? (counts[0], counts[1]) : throw new InvalidOperationException($"cachestat of {path} failed");

        private static long Ask(string path, long length, out long[] counts)
        {
            counts = new long[5];
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            return SystemCall(Call, file, [0, length], counts, 0);
        }

        [DllImport("libc", EntryPoint = "syscall")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern long SystemCall(long number, SafeFileHandle file, long[] range, [Out] long[] counts, uint flags);
    }
}
