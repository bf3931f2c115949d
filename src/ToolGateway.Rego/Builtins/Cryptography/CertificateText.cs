using System.Text;

namespace ToolGateway.Rego.Builtins.Cryptography;

/// <summary>Certificates, requests and keys in PEM, or in base64 of PEM or DER.</summary>
internal static class CertificateText
{
    private const string Begin = "-----BEGIN";

    public static List<Certificate>? Read(BuiltinContext context, string text, out string error)
    {
        Spend(context, text);
        if (text.StartsWith(Begin, StringComparison.Ordinal))
            return ReadPem(text, out error);
        if (DecodeBase64(text, out error) is not { } bytes)
            return null;
        return bytes.AsSpan().StartsWith("-----BEGIN"u8) ? ReadPem(Encoding.UTF8.GetString(bytes), out error) : Certificate.ParseAll(bytes, out error);
    }

    /// <summary>The DER of a certificate request.</summary>
    public static byte[]? ReadRequest(BuiltinContext context, string text, out string error)
    {
        Spend(context, text);
        error = "";
        var bytes = Encoding.UTF8.GetBytes(text);
        if (!text.StartsWith("-----BEGIN CERTIFICATE REQUEST-----", StringComparison.Ordinal))
        {
            if (DecodeBase64(text, out error) is not { } decoded)
                return null;
            bytes = decoded;
        }

        if (Pem.Decode(Encoding.Latin1.GetString(bytes), out _) is not { } block)
            return bytes;
        if (block.Type == "CERTIFICATE REQUEST")
            return block.Bytes;
        error = "invalid PEM-encoded certificate signing request";
        return null;
    }

    /// <summary>The private keys of all PEM blocks of known types; null with the reason in <paramref name="error"/> when one is malformed.</summary>
    public static List<SigningKey>? ReadPrivateKeys(BuiltinContext context, string text, out string error)
    {
        Spend(context, text);
        error = "";
        if (DecodeBase64(text, out _) is { } bytes)
            text = Encoding.Latin1.GetString(bytes);
        var keys = new List<SigningKey>();
        while (Pem.Decode(text, out text) is { } block)
        {
            context.Budget.Step();
            var known = block.Type is "RSA PRIVATE KEY" or "PRIVATE KEY" or "EC PRIVATE KEY";
            if (!known)
                continue;
            if (ReadPrivateKey(block) is not { } key)
            {
                error = $"x509: failed to parse private key in a {block.Type} block";
                return null;
            }

            keys.Add(key);
        }

        return keys;
    }

    /// <summary>The key in a PEM block; where the type does not match the content, the other forms are tried when <paramref name="lenient"/>.</summary>
    public static SigningKey? ReadPrivateKey(PemBlock block, bool lenient = false) => block.Type switch
    {
        "RSA PRIVATE KEY" when !lenient => KeyReader.ReadRsaPrivate(block.Bytes),
        "EC PRIVATE KEY" when !lenient => KeyReader.ReadEcPrivate(block.Bytes),
        "PRIVATE KEY" when !lenient => KeyReader.ReadPkcs8(block.Bytes),
        _ => KeyReader.ReadRsaPrivate(block.Bytes) ?? KeyReader.ReadPkcs8(block.Bytes) ?? KeyReader.ReadEcPrivate(block.Bytes),
    };

    public static byte[]? DecodeBase64(string text, out string error)
    {
        var bytes = Base64.TryDecode(text, urlSafe: false, out var fault);
        error = bytes is null ? $"illegal base64 data at input byte {fault}" : "";
        return bytes;
    }

    private static List<Certificate>? ReadPem(string text, out string error)
    {
        var der = new List<byte>();
        while (Pem.Decode(text, out text) is { } block)
        {
            if (block.Type != "CERTIFICATE")
            {
                error = $"PEM block type is '{block.Type}', expected CERTIFICATE";
                return null;
            }

            der.AddRange(block.Bytes);
        }

        return Certificate.ParseAll(der.ToArray(), out error);
    }

    private static void Spend(BuiltinContext context, string text)
    {
        context.Budget.Step(1 + (text.Length / 16));
        context.Budget.Charge(text.Length * 16L);
    }
}
