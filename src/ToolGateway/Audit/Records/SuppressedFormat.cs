using ToolGateway.Enforcement;

namespace ToolGateway.Audit.Records;

/// <summary>What a <c>suppressed</c> record says: how many calls were not recorded one by one, why, and from where.</summary>
internal static class SuppressedFormat
{
    public static void Lost(RecordBuffer to, int count)
    {
        to.Raw(",\"identified\":true,\"counts\":[{\"reason\":\""u8);
        to.Raw(System.Text.Encoding.ASCII.GetBytes(ReasonCodes.AuditUnavailable));
        to.Raw("\",\"count\":"u8);
        to.Number(count);
        to.Raw("}],\"sources\":[],\"more_sources\":false"u8);
    }

    public static void Unidentified(RecordBuffer to, IReadOnlyDictionary<string, int> counts, IReadOnlyCollection<string> sources, bool more)
    {
        to.Raw(",\"identified\":false,\"counts\":["u8);
        var any = false;
        foreach (var (reason, count) in counts)
        {
            if (any)
                to.Raw((byte)',');
            any = true;
            to.Raw("{\"reason\":"u8);
            to.Text(reason);
            to.Raw(",\"count\":"u8);
            to.Number(count);
            to.Raw((byte)'}');
        }

        to.Raw("],\"sources\":"u8);
        CallerFormat.Strings(to, [.. sources]);
        to.Raw(",\"more_sources\":"u8);
        to.Bool(more);
    }
}
