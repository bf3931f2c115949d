using System.Buffers.Binary;
using System.Text;

namespace ToolGateway.Rego.Builtins.Timing;

/// <summary>
/// A zone of the system's database (TZif, RFC 9636). It is read as it is, not through TimeZoneInfo, because that rounds old offsets to minutes and has no abbreviations.
/// </summary>
internal sealed class ZoneFile : Zone
{
    private static readonly string[] Directories = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"];

    private readonly long[] _transitions;
    private readonly byte[] _kinds;
    private readonly ZoneOffset[] _offsets;
    private readonly bool[] _daylight;
    private readonly ZoneRule? _rule;

    private ZoneFile(long[] transitions, byte[] kinds, ZoneOffset[] offsets, bool[] daylight, ZoneRule? rule)
    {
        _transitions = transitions;
        _kinds = kinds;
        _offsets = offsets;
        _daylight = daylight;
        _rule = rule;
    }

    public override ZoneOffset At(long unixSeconds)
    {
        if (_transitions.Length == 0 || unixSeconds < _transitions[0])
            return _transitions.Length == 0 && _rule is not null ? _rule.At(unixSeconds) : First();
        if (unixSeconds >= _transitions[^1] && _rule is not null)
            return _rule.At(unixSeconds);
        var index = Array.BinarySearch(_transitions, unixSeconds);
        return _offsets[_kinds[index < 0 ? ~index - 1 : index]];
    }

    public static ZoneFile? Read(string name)
    {
        foreach (var directory in Directories)
        {
            var path = Path.Combine(directory, name);
            if (File.Exists(path))
                return Parse(File.ReadAllBytes(path));
        }

        return null;
    }

    /// <summary>The zone in <paramref name="data"/>, or null when it is no file of version 2 or later.</summary>
    public static ZoneFile? Parse(ReadOnlySpan<byte> data)
    {
        if (!TryReadHeader(data, out var first) || first.Version < (byte)'2' || data.Length < first.Length(4))
            return null;
        data = data[first.Length(4)..];
        if (!TryReadHeader(data, out var header) || data.Length < header.Length(8) || header.Types == 0)
            return null;
        var body = data[Header.Size..];
        var transitions = new long[header.Times];
        for (var i = 0; i < transitions.Length; i++)
            transitions[i] = BinaryPrimitives.ReadInt64BigEndian(body[(8 * i)..]);
        var kinds = body.Slice(8 * header.Times, header.Times).ToArray();
        if (kinds.Any(kind => kind >= header.Types))
            return null;
        var types = body.Slice(9 * header.Times, 6 * header.Types);
        var names = body.Slice((9 * header.Times) + (6 * header.Types), header.Characters);
        var offsets = new ZoneOffset[header.Types];
        var daylight = new bool[header.Types];
        for (var i = 0; i < offsets.Length; i++)
        {
            var type = types.Slice(6 * i, 6);
            offsets[i] = new(BinaryPrimitives.ReadInt32BigEndian(type), NameAt(names, type[5]));
            daylight[i] = type[4] != 0;
        }

        var footer = Encoding.ASCII.GetString(data[header.Length(8)..]).Trim('\n');
        return new ZoneFile(transitions, kinds, offsets, daylight, ZoneRule.Parse(footer));
    }

    /// <summary>What holds before the first transition: the first type when nothing changes to it, else the first standard time.</summary>
    private ZoneOffset First()
    {
        if (Array.IndexOf(_kinds, (byte)0) < 0 || !_daylight[0])
            return _offsets[0];
        var standard = Array.IndexOf(_daylight, false);
        return _offsets[Math.Max(standard, 0)];
    }

    private static string NameAt(ReadOnlySpan<byte> names, int at)
    {
        if (at >= names.Length)
            return "";
        var rest = names[at..];
        var end = rest.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]);
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> data, out Header header)
    {
        header = default;
        if (data.Length < Header.Size || !data.StartsWith("TZif"u8))
            return false;
        header = new(
            data[4], Count(data, 20), Count(data, 24), Count(data, 28), Count(data, 32), Count(data, 36), Count(data, 40));
        return true;
    }

    private static int Count(ReadOnlySpan<byte> data, int at) => (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(data[at..]), 100_000);

    private readonly record struct Header(byte Version, int UtcFlags, int StandardFlags, int Leaps, int Times, int Types, int Characters)
    {
        public const int Size = 44;

        public int Length(int timeSize) =>
            Size + (Times * (timeSize + 1)) + (Types * 6) + Characters + (Leaps * (timeSize + 4)) + StandardFlags + UtcFlags;
    }
}
