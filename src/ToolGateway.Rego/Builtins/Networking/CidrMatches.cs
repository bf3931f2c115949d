using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Networking;

/// <summary>net.cidr_contains_matches: all pairs of network and contained address, named by index, key or element.</summary>
internal static class CidrMatches
{
    public static RegoValue? Contains(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (Read(context, args[0], 1) is not { } networks)
            return null;
        var result = new RegoSetBuilder();
        foreach (var (network, index) in networks)
        {
            // Read for each network, because without networks OPA never looks at the addresses.
            if (Read(context, args[1], 2) is not { } addresses)
                return null;
            foreach (var (address, other) in addresses)
            {
                context.Budget.Step();
                if (NetBuiltins.Contains(context, network, address) is not { } contains)
                    return null;
                if (!contains)
                    continue;
                context.Budget.Charge(128);
                result.Add(RegoArray.Of(index, other));
            }
        }

        return result.ToSet();
    }

    private static List<(RegoValue Address, RegoValue Index)>? Read(BuiltinContext context, RegoValue operand, int position)
    {
        var result = new List<(RegoValue, RegoValue)>();
        var fits = true;
        switch (operand)
        {
            case RegoString:
                result.Add((operand, operand));
                break;
            case RegoArray array:
                for (var i = 0; i < array.Count; i++)
                    fits &= TryAdd(context, result, array[i], RegoNumber.Of(i));
                break;
            case RegoSet set:
                foreach (var item in set.Items)
                    fits &= TryAdd(context, result, item, item);
                break;
            case RegoObject map:
                foreach (var (key, value) in map.Members)
                    fits &= TryAdd(context, result, value, key);
                break;
        }

        if (fits)
            return result;
        context.Fail($"operand {position}: element must be string or non-empty array");
        return null;
    }

    /// <summary>An element is an address, or an array that begins with one.</summary>
    private static bool TryAdd(BuiltinContext context, List<(RegoValue Address, RegoValue Index)> result, RegoValue element, RegoValue index)
    {
        context.Budget.Step();
        context.Budget.Charge(16);
        if (element is not (RegoString or RegoArray { Count: > 0 }))
            return false;
        result.Add((element is RegoArray array ? array[0] : element, index));
        return true;
    }
}
