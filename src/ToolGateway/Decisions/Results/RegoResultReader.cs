using ToolGateway.Enforcement;
using ToolGateway.Rego.Values;

namespace ToolGateway.Decisions.Results;

/// <summary>Reads results that the embedded engine gave as values.</summary>
internal static class RegoResultReader
{
    public static Decision ReadDecision(RegoValue? result, string engine, string? revision)
    {
        if (result is null)
            return Decision.Denied(engine, ReasonCodes.PolicyUndefined, revision);
        var builder = default(DecisionBuilder);
        if (result is RegoObject members)
            ReadMembers(members, ref builder);
        else
            builder.Invalid();
        return builder.Build(engine, revision);
    }

    /// <summary>The action names of a visibility result; empty when undefined, null when it is not a collection of strings.</summary>
    public static HashSet<string>? ReadNames(RegoValue? result)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (result is null)
            return names;
        if (!TryItems(result, out var items))
            return null;
        foreach (var item in items)
        {
            if (item is not RegoString name)
                return null;
            names.Add(name.Value);
        }

        return names;
    }

    private static void ReadMembers(RegoObject members, ref DecisionBuilder builder)
    {
        foreach (var (key, value) in members.Members)
        {
            switch ((key as RegoString)?.Value)
            {
                case "allow" when value is RegoBoolean allow:
                    builder.Allow(allow.Value);
                    break;
                case "reasons" when TryItems(value, out var reasons):
                    foreach (var reason in reasons)
                        builder.Reason((reason as RegoString)?.Value);
                    break;
                case "obligations" when TryItems(value, out var obligations):
                    foreach (var obligation in obligations)
                        builder.Obligation(ReadObligation(obligation));
                    break;
                case "cache_seconds" when value is RegoNumber seconds:
                    builder.CacheSeconds(seconds.ToDouble());
                    break;
                default:
                    builder.Invalid();
                    return;
            }
        }
    }

    private static ObligationItem ReadObligation(RegoValue obligation)
    {
        var item = default(ObligationItem);
        if (obligation is not RegoObject members)
        {
            item.IsInvalid = true;
            return item;
        }

        foreach (var (key, value) in members.Members)
        {
            switch ((key as RegoString)?.Value)
            {
                case "type":
                    item.Type = (value as RegoString)?.Value;
                    break;
                case "pointers":
                    item.Members |= ObligationMembers.Pointers;
                    ReadPointers(value, ref item);
                    break;
                case "bytes":
                    item.Members |= ObligationMembers.Bytes;
                    item.Number = Number(value);
                    break;
                case "seconds":
                    item.Members |= ObligationMembers.Seconds;
                    item.Number = Number(value);
                    break;
                default:
                    item.Members |= ObligationMembers.Unknown;
                    break;
            }
        }

        return item;
    }

    private static void ReadPointers(RegoValue value, ref ObligationItem item)
    {
        item.Pointers = [];
        if (!TryItems(value, out var pointers))
            item.IsInvalid = true;
        foreach (var pointer in pointers)
        {
            if (pointer is RegoString text)
                item.Pointers.Add(text.Value);
            else
                item.IsInvalid = true;
        }
    }

    private static double Number(RegoValue value) => value is RegoNumber number ? number.ToDouble() : double.NaN;

    private static bool TryItems(RegoValue value, out ReadOnlySpan<RegoValue> items)
    {
        items = value switch
        {
            RegoArray array => array.Items,
            RegoSet set => set.Items,
            _ => default,
        };
        return value is RegoArray or RegoSet;
    }
}
