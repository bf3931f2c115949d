using System.Text.Json;
using ToolGateway.Audit;

namespace ToolGateway.Hosting;

/// <summary>The change records that a swap owes: one for each part whose revision differs.</summary>
internal static class SnapshotChanges
{
    public static IEnumerable<ChangeRecord> Between(GatewaySnapshot? current, GatewaySnapshot next)
    {
        foreach (var (part, revision) in next.PartRevisions)
        {
            var before = current?.PartRevisions.GetValueOrDefault(part);
            if (before != revision)
                yield return new ChangeRecord(part, before, revision, current is null ? "start" : "reload");
        }
    }

    /// <summary>Revisions of the parts that a change record can be about.</summary>
    public static IReadOnlyDictionary<string, string?> Revisions(ToolGatewayOptions options, FileSet files, string? policyRevision) =>
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["policy"] = policyRevision,
            ["agents"] = Of(options.Agents),
            ["catalogue"] = Of(options.Tools),
            ["keys"] = files.Digest(Among(files, KeyFiles(options)))[..16],
            ["pins"] = files.Digest(Among(files, options.Tools.Values.Select(tool => tool.Mcp.PinPath)))[..16],
        };

    private static IEnumerable<string?> KeyFiles(ToolGatewayOptions options) =>
        options.Identity.TrustDomains.Values.Select(domain => domain.BundlePath)
            .Concat(options.Identity.Issuers.Values.Select(issuer => issuer.JwksPath))
            .Concat([options.Listen.CertificatePath, options.Decisions.Embedded.VerificationKeyPath]);

    private static Func<string, bool> Among(FileSet files, IEnumerable<string?> paths)
    {
        var wanted = paths.Where(path => !string.IsNullOrEmpty(path)).Select(path => files.FullPath(path!)).ToHashSet(StringComparer.Ordinal);
        return wanted.Contains;
    }

    private static string Of<T>(T options) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(options)))[..16];
}
