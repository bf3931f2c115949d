using System.Globalization;
using Microsoft.Extensions.Logging;
using ToolGateway.Audit.Writing;

namespace ToolGateway.Audit.Checkpoints;

/// <summary>
/// Puts each checkpoint beside the log, as its newest, and into the export directory under a name of its own. Neither can stop the log: what fails is logged and
/// counted.
/// </summary>
internal sealed partial class CheckpointPublisher(AuditSettings settings, AuditMetrics metrics, ILogger logger)
{
    public void Publish(Checkpoint checkpoint)
    {
        var json = checkpoint.ToJson();
        TryWrite(Path.Combine(settings.Directory, SegmentNames.Head), json);
        if (settings.ExportDirectory is { } export)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"checkpoint-{checkpoint.Chain[..8]}-{checkpoint.Seq:D12}.json");
            TryWrite(Path.Combine(export, name), json);
        }
    }

    /// <summary>Puts the public key beside the log, for those who verify it.</summary>
    public void PublishKey(SigningKey key)
    {
        TryWrite(Path.Combine(settings.Directory, key.Id + SegmentNames.PublicKeySuffix), System.Text.Encoding.ASCII.GetBytes(key.PublicPem));
        if (settings.ExportDirectory is { } export)
            TryWrite(Path.Combine(export, key.Id + SegmentNames.PublicKeySuffix), System.Text.Encoding.ASCII.GetBytes(key.PublicPem));
    }

    private void TryWrite(string path, byte[] content)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var temporary = path + ".tmp";
            using (var file = File.Create(temporary))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            metrics.Failed("publish");
            Log.NotPublished(logger, path, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(400, LogLevel.Error, "A checkpoint of the audit log could not be written to {Path}: {Reason}. The log goes on; make the directory writable")]
        public static partial void NotPublished(ILogger logger, string path, string reason);
    }
}
