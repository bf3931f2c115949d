using ToolGateway.Rego.Builtins.Tokens;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Bundles;

/// <summary>A file as a signature lists it.</summary>
internal sealed record SignedFile(string Algorithm, byte[] Hash);

/// <summary>A verified token of <c>.signatures.json</c>.</summary>
internal sealed record BundleToken(RegoBundleSignature Signature, IReadOnlyDictionary<string, SignedFile> Files)
{
    /// <summary>The token, or null with the reason reported.</summary>
    public static BundleToken? Verify(string text, RegoBundleOptions options, Action<string> report)
    {
        if (Jwt.Split(text, out var error) is not { } token || token.DecodeHeader(out error) is not { } members || TokenHeader.Read(members, out error) is not { } header
            || Base64Url.Decode(token.Signature, out error) is not { } signature || token.DecodePayload(out error) is not { } payload
            || Jwt.ReadObject(payload, out error) is not { } claims)
        {
            report($"the token is malformed: {error}");
            return null;
        }

        var keyId = header.KeyId.Length > 0 ? header.KeyId : Text(claims, "keyid");
        if (!IsSigned(token, header, signature, keyId, options, report) || !IsInScope(claims, options.Scope, report) || ReadTime(claims, report, out var time) is false)
            return null;
        var issuer = Text(claims, "iss");
        return ReadFiles(claims, report) is { } files ? new BundleToken(new RegoBundleSignature(header.Algorithm, keyId, Text(claims, "scope"), issuer, time), files) : null;
    }

    private static bool IsSigned(Jwt token, TokenHeader header, byte[] signature, string? keyId, RegoBundleOptions options, Action<string> report)
    {
        var keys = options.Keys.SelectMany(key => key.For(keyId)).ToList();
        if (!header.IsValid || !TokenAlgorithm.IsKnown(header.Algorithm) || header.Algorithm == "EdDSA")
            report($"algorithm '{header.Algorithm}' is not supported; use RS, PS, ES or HS with 256, 384 or 512");
        else if (keys.Count == 0)
            report($"signed by key '{keyId}', which is not given; give that key, or correct the key's id");
        else if (keys.Exists(key => (key.Algorithm.Length == 0 || key.Algorithm == header.Algorithm) && TokenAlgorithm.Verify(key.Key, header.Algorithm, token.Signed, signature)))
            return true;
        else
            report($"the {header.Algorithm} signature does not verify with the key given; the bundle was changed or signed by another key");
        return false;
    }

    private static bool IsInScope(RegoObject claims, string? scope, Action<string> report)
    {
        var stated = Text(claims, "scope") ?? "";
        if (stated == (scope ?? ""))
            return true;
        report($"signed for scope '{stated}' where '{scope}' is expected; sign it for that scope, or correct the scope");
        return false;
    }

    private static bool ReadTime(RegoObject claims, Action<string> report, out DateTimeOffset? time)
    {
        time = null;
        if (!claims.TryGetValue("iat", out var value) || value is RegoNull)
            return true;
        if (value is not RegoNumber number || !(number.ToDouble() is >= 0 and <= 253_402_300_799 and var seconds))
        {
            report($"iat {value} is no time in seconds since 1970");
            return false;
        }

        time = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return true;
    }

    private static Dictionary<string, SignedFile>? ReadFiles(RegoObject claims, Action<string> report)
    {
        var files = new Dictionary<string, SignedFile>(StringComparer.Ordinal);
        if (!claims.TryGetValue("files", out var value) || value is not RegoArray list)
        {
            report("the token lists no files");
            return null;
        }

        foreach (var item in list)
        {
            if (item is not RegoObject map || Text(map, "name") is not { } name || BundlePath.Normalize(name) is not { Length: > 0 } path)
                report($"the token lists {item}, which names no file");
            else if (Text(map, "algorithm") is not ("SHA-256" or "SHA-384" or "SHA-512") || Text(map, "hash") is not { } hash || Hex(hash) is not { } bytes)
                report($"{path} has no hash by SHA-256, SHA-384 or SHA-512");
            else if (files.TryAdd(path, new SignedFile(Text(map, "algorithm")!, bytes)))
                continue;
            else
                report($"{path} is listed twice");
            return null;
        }

        return files;
    }

    private static byte[]? Hex(string text)
    {
        var bytes = new byte[text.Length / 2];
        return Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? bytes : null;
    }

    private static string? Text(RegoObject map, string name) => map.TryGetValue(name, out var value) && value is RegoString { Value.Length: > 0 } text ? text.Value : null;
}
