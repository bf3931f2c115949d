using ToolGateway.Rego.Builtins.Networking;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>The part of the net family that computes with addresses.</summary>
internal static class NetBuiltins
{
    private const int BytesPerAddress = 200;

    public static Builtin[] All { get; } =
    [
        Signature.Declare("net.cidr_contains(cidr:string, cidr_or_ip:string) -> boolean", Contains),
        Signature.Declare(
            "net.cidr_contains_matches(cidrs:string|array[string|array]|object[string:string|array]|set[string|array], "
            + "cidrs_or_ips:string|array[string|array]|object[string:string|array]|set[string|array]) -> set[array<any, any>]",
            CidrMatches.Contains),
        Signature.Declare("net.cidr_expand(cidr:string) -> set[string]", Expand),
        Signature.Declare("net.cidr_intersects(cidr1:string, cidr2:string) -> boolean", Intersects),
        Signature.Declare("net.cidr_is_valid(cidr:string) -> boolean", IsValid),
        Signature.Declare("net.cidr_merge(addrs:array[string]|set[string]) -> set[string]", Merge),
        Signature.Declare("net.cidr_overlap(cidr1:string, cidr2:string) -> boolean", Contains, BuiltinTraits.Deprecated),
    ];

    /// <summary>Whether the network <paramref name="cidr"/> contains the address or network; null with the failure noted.</summary>
    public static bool? Contains(BuiltinContext context, RegoValue cidr, RegoValue addressOrCidr)
    {
        if (Read(context, cidr) is not { } network)
            return null;
        if (addressOrCidr is not RegoString text)
        {
            context.FailOperand(1, "string", addressOrCidr);
            return null;
        }

        if (IpAddress.Parse(text.Value) is { } address)
            return network.Contains(address);
        if (IpNetwork.Parse(text.Value) is { } inner)
            return network.Contains(inner.First) && network.Contains(inner.Last);
        context.Fail($"not a valid textual representation of an IP address or CIDR: {text.Value}");
        return null;
    }

    private static RegoValue? Contains(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        Contains(context, args[0], args[1]) is { } contains ? RegoBoolean.Of(contains) : null;

    private static RegoValue? Intersects(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        Read(context, args[0]) is { } a && Read(context, args[1]) is { } b
            ? RegoBoolean.Of(a.Contains(b.First) || b.Contains(a.First))
            : null;

    private static RegoValue? IsValid(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        RegoBoolean.Of(args[0] is RegoString text && IpNetwork.Parse(text.Value) is not null);

    private static RegoValue? Expand(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (Read(context, args[0]) is not { } network)
            return null;
        var result = new RegoSetBuilder();
        var (value, last) = (network.First.Value, network.Last.Value);
        while (true)
        {
            context.Budget.Step();
            context.Budget.Charge(BytesPerAddress);
            result.Add(new RegoString(new IpAddress(value, network.First.Bits).ToString()));
            if (value++ == last)
                break;
        }

        return result.ToSet();
    }

    private static RegoValue? Merge(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        var items = args[0] switch
        {
            RegoArray array => array.Items,
            RegoSet set => set.Items,
            _ => default,
        };
        if (args[0] is not (RegoArray or RegoSet))
            return context.Fail("operand must be an array");
        var networks = new List<IpNetwork>(items.Length);
        foreach (var item in items)
        {
            context.Budget.Step();
            context.Budget.Charge(BytesPerAddress);
            if (ReadForMerge(context, item) is not { } network)
                return null;
            networks.Add(network);
        }

        return RegoSet.From(IpNetwork.Merge(networks, context.Budget).Select(network => new RegoString(network.ToString())));
    }

    /// <summary>A network, or an IPv4 address that stands for the network of its class, as in OPA.</summary>
    private static IpNetwork? ReadForMerge(BuiltinContext context, RegoValue item)
    {
        if (item is not RegoString text)
        {
            context.Fail("element must be string");
            return null;
        }

        if (IpAddress.Parse(text.Value) is not { } address)
            return Read(context, text);
        if (address.Bits == 32)
            return IpNetwork.OfClass(address);
        context.Fail("IPv6 invalid: needs prefix length");
        return null;
    }

    private static IpNetwork? Read(BuiltinContext context, RegoValue operand)
    {
        if (operand is not RegoString text)
            context.FailOperand(1, "string", operand);
        else if (IpNetwork.Parse(text.Value) is { } network)
            return network;
        else
            context.Fail($"invalid CIDR address: {text.Value}");
        return null;
    }
}
