using System.Diagnostics;
using System.Globalization;
using ToolGateway.Audit.Writing;

namespace ToolGateway.Tests.Audit;

public sealed class SegmentFileTests : IDisposable
{
    // Not in /tmp, which may have no disk behind it.
    private readonly string _path = Path.Combine(AppContext.BaseDirectory, $"segment-{Guid.NewGuid():N}.jsonl");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Sync_OfALongLog_KeepsOnlyWhatCameLastInMemory()
    {
        const int Length = 8 << 20;
        var lines = new byte[Length];
        Array.Fill(lines, (byte)'a');
        using var segment = new SegmentStorage().Open(_path);
        segment.Append(lines);
        segment.Sync();
        Assert.InRange(await ResidentAsync(), Length, long.MaxValue);

        segment.Append("b"u8);
        segment.Sync();

        Assert.InRange(await ResidentAsync(), 0, Length / 8);
        Assert.Equal((byte[])[.. lines, (byte)'b'], await File.ReadAllBytesAsync(_path));
    }

    /// <summary>Bytes of the file that the system holds in memory.</summary>
    private async Task<long> ResidentAsync()
    {
        using var fincore = Process.Start(new ProcessStartInfo("fincore", ["--bytes", "--noheadings", "--output", "RES", _path]) { RedirectStandardOutput = true })!;
        var text = await fincore.StandardOutput.ReadToEndAsync();
        await fincore.WaitForExitAsync();
        return long.Parse(text, CultureInfo.InvariantCulture);
    }
}
