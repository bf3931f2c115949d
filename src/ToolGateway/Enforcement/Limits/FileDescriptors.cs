using System.Globalization;

namespace ToolGateway.Enforcement.Limits;

/// <summary>
/// What the process's file descriptors allow. A server that has none left cannot even refuse a connection: it tries to accept it again and again. So connections are
/// refused before that, while calls that are open can still be finished, recorded and asked about.
/// </summary>
internal static class FileDescriptors
{
    /// <summary>For files, sockets of the other listeners, the sidecar and the runtime itself.</summary>
    private const int Reserve = 256;

    /// <summary>Most connections of callers, each with one to a tool; null where the process does not know its limit.</summary>
    public static int? MaxConnections { get; } = File.Exists("/proc/self/limits") ? Allowed(File.ReadLines("/proc/self/limits")) : null;

    /// <summary>The same, from the lines of <c>/proc/self/limits</c>.</summary>
    public static int? Allowed(IEnumerable<string> limits) =>
        limits.FirstOrDefault(static line => line.StartsWith("Max open files", StringComparison.Ordinal)) is { } line
            && long.TryParse(line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(), CultureInfo.InvariantCulture, out var limit)
            ? (int)Math.Clamp((limit - Reserve) / 2, 16, int.MaxValue)
            : null;
}
