using Microsoft.Extensions.Logging.Abstractions;
using ToolGateway.Audit;
using ToolGateway.Audit.Writing;

namespace ToolGateway.Tests.Audit;

/// <summary>A thread that was asked to write, and comes to it when the log has ended.</summary>
public sealed class LateDrainTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Execute_AfterTheLogHasEnded_WritesNothing(bool isDisposed)
    {
        var root = Directory.CreateTempSubdirectory("toolgateway-late-").FullName;
        var settings = new AuditSettings(new AuditOptions { Path = "log" }, "gw-1", root);
        var opened = await new LogOpener(settings, new SegmentStorage(), TestLog.Metrics, TimeProvider.System, NullLogger.Instance).OpenAsync(default);
        opened.Queue.Close();
        opened.Writer.Finish();
        var segment = SegmentNames.Segments(settings.Directory)[0];
        var before = await File.ReadAllLinesAsync(segment);
        if (isDisposed)
            opened.Dispose();

        ((IThreadPoolWorkItem)opened.Drain).Execute();

        Assert.Equal(before, await File.ReadAllLinesAsync(segment));
        if (!isDisposed)
            opened.Dispose();
        Directory.Delete(root, recursive: true);
    }
}
