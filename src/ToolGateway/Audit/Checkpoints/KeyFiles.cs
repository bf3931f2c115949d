using System.Security.Cryptography;
using System.Text;
using ToolGateway.Audit.Writing;

namespace ToolGateway.Audit.Checkpoints;

/// <summary>The log's two keys, read from their files or made there once, readable by the owner alone.</summary>
internal static class KeyFiles
{
    public static SigningKey Signing(string path)
    {
        var key = ECDsa.Create();
        try
        {
            if (!File.Exists(path))
            {
                key.GenerateKey(ECCurve.NamedCurves.nistP256);
                Create(path, key.ExportPkcs8PrivateKeyPem() + "\n");
            }
            else
            {
                key.ImportFromPem(File.ReadAllText(path));
            }

            if (key.KeySize != 256)
                throw new CryptographicException("it is not on the curve P-256");
            return new SigningKey(key);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new AuditStartException($"Audit:SigningKeyPath '{path}' is not an ECDSA P-256 private key in PEM ({e.Message}); give one, or remove the file to have one made", e);
        }
    }

    public static byte[] Digest(string path)
    {
        if (!File.Exists(path))
            Create(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n");
        var bytes = new byte[64];
        if (Convert.TryFromBase64String(File.ReadAllText(path).Trim(), bytes, out var length) && length == 32)
            return bytes[..32];
        throw new AuditStartException($"Audit:DigestKeyPath '{path}' does not hold 32 bytes as base64; give such a key, or remove the file to have one made");
    }

    /// <summary>On disk as a whole before it is used: what a lost key has signed or digested could never be checked again.</summary>
    private static void Create(string path, string text)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(directory);
        var next = path + ".new";
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(next, options))
        {
            file.Write(Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path);
        DirectorySync.Flush(directory);
    }
}
