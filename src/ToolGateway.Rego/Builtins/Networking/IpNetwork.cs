using System.Globalization;
using ToolGateway.Rego.Limits;

namespace ToolGateway.Rego.Builtins.Networking;

/// <summary>A network: its first address, the length of its prefix, and the address it is written with.</summary>
internal readonly record struct IpNetwork(IpAddress First, int Prefix, IpAddress Shown)
{
    private const int MappedBits = 96;

    // IPv4 addresses lie within the IPv6 space where OPA looks at both at once.
    private static readonly UInt128 Mapped = (UInt128)0xFFFF << 32;

    public IpAddress Last => First with { Value = First.Value | HostMask(First.Bits, Prefix) };

    public static IpNetwork? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            return null;
        var length = text.AsSpan(slash + 1);
        if (length.Length is 0 or > 3 || length.ContainsAnyExceptInRange('0', '9'))
            return null;
        var prefix = int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture);
        if (IpAddress.Parse(text.AsSpan(0, slash)) is not { } address)
            return null;
        // An IPv4-mapped address is written with an IPv6 prefix.
        if (address.Bits == 32 && text.AsSpan(0, slash).Contains(':'))
            return prefix is >= MappedBits and <= 128 ? Of(address, prefix - MappedBits) : null;
        return prefix <= address.Bits ? Of(address, prefix) : null;
    }

    /// <summary>The class A, B, C or wider network of an IPv4 address.</summary>
    public static IpNetwork OfClass(IpAddress address)
    {
        var prefix = (uint)address.Value switch
        {
            < 0x80000000 => 8,
            < 0xC0000000 => 16,
            _ => 24,
        };
        return Of(address, prefix) with { Shown = address };
    }

    public bool Contains(IpAddress address) => address.Bits == First.Bits && address.Value >= First.Value && address.Value <= Last.Value;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Shown}/{Prefix}");

    /// <summary>The fewest networks that cover the same addresses; networks that touch nothing stay as they are written.</summary>
    public static IEnumerable<IpNetwork> Merge(IEnumerable<IpNetwork> networks, EvaluationBudget budget)
    {
        var result = new List<IpNetwork>();
        var ordered = networks.OrderBy(network => Wide(network.First)).ToList();
        for (var i = 0; i < ordered.Count;)
        {
            var alone = ordered[i];
            var first = Wide(alone.First);
            var last = Wide(alone.Last);
            var merged = 1;
            for (i++; i < ordered.Count && (Wide(ordered[i].First) <= last || Wide(ordered[i].First) == last + 1); i++)
            {
                budget.Step();
                last = UInt128.Max(last, Wide(ordered[i].Last));
                merged++;
            }

            if (merged == 1)
                result.Add(alone);
            else
                Cover(result, first, last);
        }

        return result;
    }

    private static UInt128 Wide(IpAddress address) => address.Bits == 32 ? Mapped | address.Value : address.Value;

    private static IpNetwork Of(IpAddress address, int prefix)
    {
        var first = address with { Value = address.Value & ~HostMask(address.Bits, prefix) };
        return new(first, prefix, first);
    }

    private static UInt128 HostMask(int bits, int prefix)
    {
        var host = bits - prefix;
        return host == 128 ? UInt128.MaxValue : (UInt128.One << host) - 1;
    }

    private static void Cover(List<IpNetwork> result, UInt128 first, UInt128 last)
    {
        while (true)
        {
            // The widest network that begins here and does not reach beyond the end.
            var host = first == 0 ? 128 : (int)UInt128.TrailingZeroCount(first);
            while (host > 0 && first + HostMask(128, 128 - host) > last)
                host--;
            var narrow = first >> 32 == Mapped >> 32 && host <= 32;
            result.Add(narrow ? Of(new IpAddress((uint)first, 32), 128 - MappedBits - host) : Of(new IpAddress(first, 128), 128 - host));
            var end = first + HostMask(128, 128 - host);
            if (end >= last)
                return;
            first = end + 1;
        }
    }
}
