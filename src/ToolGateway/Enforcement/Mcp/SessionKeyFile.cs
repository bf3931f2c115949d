using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace ToolGateway.Enforcement.Mcp;

/// <summary>The key that seals session ids, kept beside the audit log so that sessions outlive a restart.</summary>
internal sealed partial class SessionKeyFile(string path, ILogger<SessionKeyFile> logger)
{
    private const int Length = 32;

    /// <summary>The kept key, or a new one, which is kept if it can be: a gateway whose audit log has its keys from elsewhere may not write there.</summary>
    public byte[] ReadOrMake()
    {
        var key = RandomNumberGenerator.GetBytes(Length);
        try
        {
            if (File.Exists(path) && File.ReadAllBytes(path) is { Length: Length } known)
                return known;
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, options);
            file.Write(key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotKept(logger, path, e.Message);
        }

        return key;
    }

    private static partial class Log
    {
        [LoggerMessage(302, LogLevel.Warning, "Sessions of MCP end with this process, for their key cannot be kept at {Path}: {Problem}. Let the gateway write to the directory above Audit:Path")]
        public static partial void NotKept(ILogger logger, string path, string problem);
    }
}
