using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ToolGateway.Decisions;

/// <summary>
/// Ids of decisions: UUIDs of version 7, without hyphens. <see cref="Guid.CreateVersion7()"/> asks the kernel for each one; here a thread asks for many at once.
/// </summary>
internal static class DecisionIds
{
    private const int Chance = 10;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _used;

    public static string New(DateTimeOffset time)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, time.ToUnixTimeMilliseconds() << 16);
        Random().CopyTo(id[6..]);
        id[6] = (byte)(0x70 | (id[6] & 0x0f));
        id[8] = (byte)(0x80 | (id[8] & 0x3f));
        return Convert.ToHexStringLower(id);
    }

    private static ReadOnlySpan<byte> Random()
    {
        var bytes = _random ??= new byte[400 * Chance];
        if (_used == 0)
            RandomNumberGenerator.Fill(bytes);
        var from = _used;
        _used = (_used + Chance) % bytes.Length;
        return bytes.AsSpan(from, Chance);
    }
}
