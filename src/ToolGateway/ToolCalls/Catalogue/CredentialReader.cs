using System.Text;
using ToolGateway.Hosting;

namespace ToolGateway.ToolCalls.Catalogue;

/// <summary>Reads the gateway's own credential for a tool.</summary>
internal static class CredentialReader
{
    private const int MaxBytes = 16 << 10;

    public static ToolCredential? Read(string tool, ToolCredentialOptions? options, FileSet files, ConfigurationErrors errors)
    {
        if (options is null)
            return null;
        var key = $"Tools:{tool}:Credential";
        if (!HeaderNames.IsToken(options.Header) || IsFraming(options.Header))
            errors.Add($"{key}:Header", options.Header, "name the header that carries the credential, such as Authorization");
        if (!string.IsNullOrEmpty(options.Scheme) && !HeaderNames.IsToken(options.Scheme))
            errors.Add($"{key}:Scheme", options.Scheme, "write a scheme such as Bearer, or leave it empty");
        if (string.IsNullOrEmpty(options.ValueFile))
        {
            errors.Add($"{key}:ValueFile", null, "name the file that holds the value");
            return null;
        }

        if (files.Read(options.ValueFile, $"{key}:ValueFile", errors) is not { } content)
            return null;
        if (Value(content.Span) is not { } value)
        {
            errors.Add($"{key}:ValueFile", options.ValueFile, "the file must hold one line of 1 to 16384 visible ASCII characters");
            return null;
        }

        var sent = string.IsNullOrEmpty(options.Scheme) ? value : $"{options.Scheme} {value}";
        return new ToolCredential(options.Header, sent, Path.GetFileName(options.ValueFile));
    }

    /// <summary>The trimmed line, or null when it could not be sent as a header value.</summary>
    private static string? Value(ReadOnlySpan<byte> content)
    {
        var line = content.Length > MaxBytes ? default : content.Trim(" \t\r\n"u8);
        return line.IsEmpty || line.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E) ? null : Encoding.ASCII.GetString(line);
    }

    private static bool IsFraming(string header) =>
        header.ToUpperInvariant() is "HOST" or "CONTENT-LENGTH" or "TRANSFER-ENCODING" or "CONNECTION" or "UPGRADE" or "TE" or "TRAILER" or "EXPECT" or "CONTENT-TYPE";
}
