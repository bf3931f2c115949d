using System.Buffers.Text;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolGateway.Rego.Tests.Bundles;

/// <summary>Makes bundles as <c>opa build</c> does, and ones that it would not.</summary>
internal static class TestBundle
{
    public const string Module = "package app\nallow := data.limit\n";

    public static readonly (string Path, string Text)[] Files =
        [(".manifest", """{"revision": "r1", "metadata": {"team": "x"}}"""), ("app/policy.rego", Module), ("data.json", """{"z": "<é>", "limit": 1.0}""")];

    public static byte[] Pack(params (string Path, string Text)[] files) => Pack(TarEntryFormat.Ustar, files);

    public static byte[] Pack(TarEntryFormat format, params (string Path, string Text)[] files) => Pack(writer =>
    {
        foreach (var (path, text) in files)
            writer.WriteEntry(File(format, path, text));
    });

    public static byte[] Pack(Action<TarWriter> write)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
        using (var writer = new TarWriter(gzip, TarEntryFormat.Pax))
            write(writer);
        return result.ToArray();
    }

    public static TarEntry File(TarEntryFormat format, string path, string text)
    {
        TarEntry entry = format switch
        {
            TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, path),
            TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, path),
            TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, path),
            _ => new UstarTarEntry(TarEntryType.RegularFile, path),
        };
        entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return entry;
    }

    /// <summary>The payload that OPA signs: each file with the hash of <paramref name="canonical"/> (path and the bytes that count).</summary>
    public static JsonObject Payload(params (string Path, string Canonical)[] canonical) => new()
    {
        ["files"] = new JsonArray([.. canonical.Select(file => (JsonNode)Entry(file.Path, file.Canonical))]),
        ["iat"] = 1_700_000_000,
    };

    public static JsonObject Entry(string path, string canonical, string algorithm = "SHA-256") => new()
    {
        ["name"] = path,
        ["hash"] = Convert.ToHexStringLower(algorithm switch
        {
            "SHA-256" => SHA256.HashData(Encoding.UTF8.GetBytes(canonical)),
            "SHA-384" => SHA384.HashData(Encoding.UTF8.GetBytes(canonical)),
            "SHA-512" => SHA512.HashData(Encoding.UTF8.GetBytes(canonical)),
            _ => [1],
        }),
        ["algorithm"] = algorithm,
    };

    /// <summary>The payload of <see cref="Files"/>.</summary>
    public static JsonObject DefaultPayload() => Payload(
        (".manifest", """{"metadata":{"team":"x"},"revision":"r1"}"""), ("app/policy.rego", Module), ("data.json", """{"limit":1.0,"z":"<é>"}"""));

    public static string Token(JsonObject payload, string algorithm, Func<byte[], byte[]> sign, string? keyId = null)
    {
        var header = new JsonObject { ["alg"] = algorithm };
        if (keyId is not null)
            header["kid"] = keyId;
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.UTF8.GetBytes(signed)))}";
    }

    /// <summary><c>.signatures.json</c> with these tokens.</summary>
    public static (string Path, string Text) Signatures(params string[] tokens) =>
        (".signatures.json", JsonSerializer.Serialize(new Dictionary<string, string[]> { ["signatures"] = tokens }));

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
