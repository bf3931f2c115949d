using System.Security.Cryptography;
using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Bundles;

/// <summary>Checks that the files of a bundle are exactly those that its signature lists.</summary>
internal static class BundleVerification
{
    private const string FileName = ".signatures.json";
    private const string HowToSign = "sign it (opa build --signing-key …)";

    /// <summary>The signature; null when there is none to check, or, with the reason reported, when it does not hold.</summary>
    public static RegoBundleSignature? Verify(IReadOnlyCollection<BundleFile> files, RegoBundleOptions options, Action<string> report)
    {
        var file = files.FirstOrDefault(file => file.Path == FileName);
        if (options.Keys.Count == 0)
        {
            if (!options.AllowUnsigned)
            {
                report(file is null
                    ? $"not signed; {HowToSign} and give the key, or allow unsigned bundles"
                    : $"signed, and there is no key to verify it with; give the key, or allow unsigned bundles");
            }

            return null;
        }

        if (file is null)
        {
            report($"not signed ({FileName} is missing) although a key is given; {HowToSign}");
            return null;
        }

        if (ReadToken(file, report) is not { } token || BundleToken.Verify(token, options, Report) is not { } verified)
            return null;
        CheckFiles(files, verified.Files, Report);
        return verified.Signature;

        void Report(string problem) => report($"{FileName}: {problem}");
    }

    private static string? ReadToken(BundleFile file, Action<string> report)
    {
        if (file.ReadDocument(report) is not { } document)
            return null;
        var map = document as RegoObject ?? RegoObject.Empty;
        if (map.TryGetValue("plugin", out var plugin) && plugin is not (RegoNull or RegoString { Value: "" }))
            report($"{FileName}: signed with plugin {plugin}, which is not known; {HowToSign} without a plugin");
        else if (map.TryGetValue("signatures", out var list) && list is RegoArray { Count: 1 } array && array[0] is RegoString token)
            return token.Value;
        else
            report($"{FileName}: \"signatures\" is not an array of exactly one token; {HowToSign}");
        return null;
    }

    private static void CheckFiles(IReadOnlyCollection<BundleFile> files, IReadOnlyDictionary<string, SignedFile> signed, Action<string> report)
    {
        var present = files.Where(file => file.Path != FileName).ToDictionary(file => file.Path, StringComparer.Ordinal);
        foreach (var path in signed.Keys.Where(path => !present.ContainsKey(path)).Order(StringComparer.Ordinal))
            report($"{path} is signed, but not in the bundle");
        foreach (var (path, file) in present)
        {
            if (!signed.TryGetValue(path, out var entry))
                report($"{path} is not signed");
            else if (Hash(file, entry.Algorithm, report) is { } hash && !CryptographicOperations.FixedTimeEquals(hash, entry.Hash))
                report($"{path} is not the file that was signed: its {entry.Algorithm} is {Convert.ToHexStringLower(hash)}");
        }
    }

    private static byte[]? Hash(BundleFile file, string algorithm, Action<string> report)
    {
        if (!file.IsSignedAsDocument)
            return Hash(file.Content, algorithm);
        return file.ReadDocument(report) is { } document ? Hash(Encoding.UTF8.GetBytes(RegoJsonWriter.ToText(document, RegoJsonLayout.Plain)), algorithm) : null;
    }

    private static byte[] Hash(ReadOnlySpan<byte> bytes, string algorithm) => algorithm switch
    {
        "SHA-256" => SHA256.HashData(bytes),
        "SHA-384" => SHA384.HashData(bytes),
        _ => SHA512.HashData(bytes),
    };
}
