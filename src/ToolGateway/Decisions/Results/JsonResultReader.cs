using System.Text.Json;

namespace ToolGateway.Decisions.Results;

/// <summary>
/// Reads results that OPA gave as JSON, by the same rules as <see cref="RegoResultReader"/>. The reader stands on the first token of the result and is left on
/// its last. A member that comes twice is invalid: JSON readers disagree on which one counts.
/// </summary>
internal static class JsonResultReader
{
    public static Decision ReadDecision(ref Utf8JsonReader reader, string engine, string? revision)
    {
        var builder = default(DecisionBuilder);
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadMembers(ref reader, ref builder);
        }
        else
        {
            builder.Invalid();
            reader.Skip();
        }

        return builder.Build(engine, revision);
    }

    /// <summary>The action names of a visibility result, or null when it is not an array of strings.</summary>
    public static HashSet<string>? ReadNames(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        HashSet<string>? names = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
                names?.Add(reader.GetString()!);
            else
                names = null;
            reader.Skip();
        }

        return names;
    }

    private static void ReadMembers(ref Utf8JsonReader reader, ref DecisionBuilder builder)
    {
        var seen = DecisionMember.Unknown;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Member(ref reader);
            if (member == DecisionMember.Unknown || (seen & member) != 0)
                builder.Invalid();
            seen |= member;
            reader.Read();
            ReadMember(ref reader, member, ref builder);
        }
    }

    private static DecisionMember Member(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("allow"u8))
            return DecisionMember.Allow;
        if (reader.ValueTextEquals("reasons"u8))
            return DecisionMember.Reasons;
        if (reader.ValueTextEquals("obligations"u8))
            return DecisionMember.Obligations;
        return reader.ValueTextEquals("cache_seconds"u8) ? DecisionMember.CacheSeconds : DecisionMember.Unknown;
    }

    private static void ReadMember(ref Utf8JsonReader reader, DecisionMember member, ref DecisionBuilder builder)
    {
        switch (member, reader.TokenType)
        {
            case (DecisionMember.Allow, JsonTokenType.True or JsonTokenType.False):
                builder.Allow(reader.GetBoolean());
                break;
            case (DecisionMember.CacheSeconds, JsonTokenType.Number):
                builder.CacheSeconds(reader.GetDouble());
                break;
            case (DecisionMember.Reasons, JsonTokenType.StartArray):
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    builder.Reason(reader.TokenType == JsonTokenType.String ? reader.GetString() : null);
                    reader.Skip();
                }

                break;
            case (DecisionMember.Obligations, JsonTokenType.StartArray):
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    builder.Obligation(ReadObligation(ref reader));
                break;
            default:
                builder.Invalid();
                reader.Skip();
                break;
        }
    }

    private static ObligationItem ReadObligation(ref Utf8JsonReader reader)
    {
        var item = default(ObligationItem);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            item.IsInvalid = true;
            reader.Skip();
            return item;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            ReadObligationMember(ref reader, ref item);
        return item;
    }

    private static void ReadObligationMember(ref Utf8JsonReader reader, ref ObligationItem item)
    {
        var isType = reader.ValueTextEquals("type"u8);
        var member = isType ? ObligationMembers.None
            : reader.ValueTextEquals("pointers"u8) ? ObligationMembers.Pointers
            : reader.ValueTextEquals("bytes"u8) ? ObligationMembers.Bytes
            : reader.ValueTextEquals("seconds"u8) ? ObligationMembers.Seconds
            : ObligationMembers.Unknown;
        item.IsInvalid |= isType ? item.Type is not null : (item.Members & member & ~ObligationMembers.Unknown) != 0;
        item.Members |= member;
        reader.Read();
        if (isType)
            item.Type = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        else if (member == ObligationMembers.Pointers)
            ReadPointers(ref reader, ref item);
        else
            item.Number = reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : double.NaN;
        reader.Skip();
    }

    private static void ReadPointers(ref Utf8JsonReader reader, ref ObligationItem item)
    {
        item.Pointers = [];
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            item.IsInvalid = true;
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
                item.Pointers.Add(reader.GetString()!);
            else
                item.IsInvalid = true;
            reader.Skip();
        }
    }

    [Flags]
    private enum DecisionMember
    {
        Unknown = 0,
        Allow = 1,
        Reasons = 2,
        Obligations = 4,
        CacheSeconds = 8,
    }
}
