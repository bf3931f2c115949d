using System.Text;
using ToolGateway.Rego.Builtins.Cryptography;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>crypto.parse_private_keys, crypto.x509.parse_rsa_private_key and crypto.x509.parse_keypair.</summary>
internal static class CryptoKeys
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("crypto.parse_private_keys(keys:string) -> array[object[string:any]]", ParsePrivateKeys),
        Signature.Declare("crypto.x509.parse_keypair(cert:string, pem:string) -> object[string:any]", ParseKeyPair),
        Signature.Declare("crypto.x509.parse_rsa_private_key(pem:string) -> object[string:any]", ParseRsaPrivateKey),
    ];

    private static RegoValue? ParsePrivateKeys(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString text)
            return context.FailOperand(1, "string", args[0]);
        if (text.Value.Length == 0)
            return RegoNull.Value;
        return CertificateText.ReadPrivateKeys(context, text.Value, out var error) is { } keys
            ? RegoArray.From(keys.Select(KeyValue.OfPrivate))
            : context.Fail(error);
    }

    private static RegoValue? ParseRsaPrivateKey(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString text)
            return context.FailOperand(1, "string", args[0]);
        if (text.Value.Length == 0)
            return context.Fail("input PEM data was empty");
        // What is no PEM must be base64 of PEM.
        if (!text.Value.StartsWith("-----BEGIN", StringComparison.Ordinal) && CertificateText.DecodeBase64(text.Value, out var fault) is null)
            return context.Fail(fault);
        if (CertificateText.ReadPrivateKeys(context, text.Value, out var error) is not { } keys)
            return context.Fail(error);
        if (keys.Count == 0)
            return RegoNull.Value;
        return KeyValue.OfJwk(keys[0]) is { } jwk ? jwk : context.Fail("invalid key type for a JSON Web Key");
    }

    private static RegoValue? ParseKeyPair(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString certificateText)
            return context.FailOperand(1, "string", args[0]);
        if (args[1] is not RegoString keyText)
            return context.FailOperand(1, "string", args[1]);
        if (ReadBlocks(certificateText.Value, "CERTIFICATE", out var error) is not { } certificateBlocks || ReadBlocks(keyText.Value, "PRIVATE KEY", out error) is not { } keyBlocks)
            return context.Fail(error);
        context.Budget.Step((certificateText.Value.Length + keyText.Value.Length) / 16);
        context.Budget.Charge((certificateText.Value.Length + keyText.Value.Length) * 16L);
        var certificates = certificateBlocks.FindAll(block => block.Type == "CERTIFICATE");
        if (certificates.Count == 0)
            return context.Fail("tls: failed to find any PEM data in certificate input");
        if (keyBlocks.Find(block => block.Type == "PRIVATE KEY" || block.Type.EndsWith(" PRIVATE KEY", StringComparison.Ordinal)) is not { } keyBlock)
            return context.Fail("tls: failed to find any PEM data in key input");
        if (Certificate.Parse(certificates[0].Bytes, out _) is not { } leaf)
            return context.Fail(Certificate.Malformed);
        if (CertificateText.ReadPrivateKey(keyBlock, lenient: true) is not { } key)
            return context.Fail("tls: failed to parse private key");
        return KeyValue.OfPublic(key) is var mine && mine.Equals(KeyValue.OfPublic(leaf.Key))
            ? ToValue(certificates, leaf, key)
            : context.Fail("tls: private key does not match public key");
    }

    private static RegoObject ToValue(List<PemBlock> certificates, Certificate leaf, SigningKey key)
    {
        var result = new RegoObjectBuilder();
        result.Set("Certificate", RegoArray.From(certificates.Select(block => KeyValue.Bytes(block.Bytes))));
        result.Set("PrivateKey", KeyValue.OfPrivate(key));
        result.Set("Leaf", CertificateValue.Of(leaf, withUriStrings: false));
        foreach (var name in (ReadOnlySpan<string>)["SupportedSignatureAlgorithms", "OCSPStaple", "SignedCertificateTimestamps"])
            result.Set(name, RegoNull.Value);
        return result.ToObject();
    }

    /// <summary>PEM blocks; DER in base64 counts as one block of the given type.</summary>
    private static List<PemBlock>? ReadBlocks(string text, string type, out string error)
    {
        error = "";
        if (!text.StartsWith("-----BEGIN ", StringComparison.Ordinal))
        {
            if (CertificateText.DecodeBase64(text, out error) is not { } bytes)
                return null;
            if (!bytes.AsSpan().StartsWith("-----BEGIN "u8))
                return [new PemBlock(type, bytes)];
            text = Encoding.Latin1.GetString(bytes);
        }

        var blocks = new List<PemBlock>();
        while (Pem.Decode(text, out text) is { } block)
            blocks.Add(block);
        return blocks;
    }
}
