using System.Security.Cryptography;
using ToolGateway.Audit.Checkpoints;
using ToolGateway.Audit.Writing;

namespace ToolGateway.Audit.Verification;

/// <summary>The keys and checkpoints that a log is verified with, read from files.</summary>
internal static class VerifyInputs
{
    /// <summary>Public keys by id: from <paramref name="file"/>, or those that lie beside the log.</summary>
    /// <exception cref="CryptographicException">A file is not a public key.</exception>
    public static IReadOnlyDictionary<string, ECDsa> Keys(string log, string? file)
    {
        var files = file is not null ? [file] : System.IO.Directory.EnumerateFiles(Directory(log), "*" + SegmentNames.PublicKeySuffix);
        var keys = new Dictionary<string, ECDsa>(StringComparer.Ordinal);
        foreach (var path in files)
        {
            var key = ECDsa.Create();
            try
            {
                key.ImportFromPem(File.ReadAllText(path));
            }
            catch (ArgumentException e)
            {
                throw new CryptographicException($"{path} is not a public key in PEM", e);
            }

            keys[SigningKey.KeyId(key)] = key;
        }

        return keys;
    }

    /// <summary>Checkpoints of a file (one a line), and the newest one beside the log.</summary>
    /// <exception cref="InvalidDataException">A line is not a checkpoint.</exception>
    public static IReadOnlyList<Checkpoint> Anchors(string log, string? file)
    {
        var anchors = new List<Checkpoint>();
        var head = Path.Combine(Directory(log), SegmentNames.Head);
        if (System.IO.Directory.Exists(log) && File.Exists(head) && Checkpoint.FromJson(File.ReadAllBytes(head)) is { } newest)
            anchors.Add(newest);
        if (file is null)
            return anchors;
        foreach (var line in File.ReadLines(file).Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            anchors.Add(Checkpoint.FromJson(System.Text.Encoding.UTF8.GetBytes(line))
                ?? throw new InvalidDataException($"{file} holds something else than checkpoints, one a line"));
        }

        return anchors;
    }

    private static string Directory(string log) => System.IO.Directory.Exists(log) ? log : Path.GetDirectoryName(Path.GetFullPath(log))!;
}
