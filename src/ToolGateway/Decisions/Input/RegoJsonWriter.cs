using System.Text.Json;
using ToolGateway.Rego.Values;

namespace ToolGateway.Decisions.Input;

/// <summary>Writes Rego values with a <see cref="Utf8JsonWriter"/>.</summary>
internal static class RegoJsonWriter
{
    public static void WriteRego(this Utf8JsonWriter writer, RegoValue value)
    {
        switch (value)
        {
            case RegoString text:
                writer.WriteStringValue(text.Value);
                break;
            case RegoBoolean boolean:
                writer.WriteBooleanValue(boolean.Value);
                break;
            case RegoNumber number:
                writer.WriteRawValue(number.ToText(), skipInputValidation: true);
                break;
            case RegoArray array:
                writer.WriteItems(array.Items);
                break;
            case RegoSet set:
                writer.WriteItems(set.Items);
                break;
            case RegoObject members:
                writer.WriteStartObject();
                foreach (var (key, member) in members.Members)
                {
                    writer.WritePropertyName(key is RegoString name ? name.Value : key.ToJson());
                    writer.WriteRego(member);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static void WriteItems(this Utf8JsonWriter writer, ReadOnlySpan<RegoValue> items)
    {
        writer.WriteStartArray();
        foreach (var item in items)
            writer.WriteRego(item);
        writer.WriteEndArray();
    }
}
