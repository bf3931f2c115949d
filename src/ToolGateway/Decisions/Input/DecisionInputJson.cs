using System.Text.Json;

namespace ToolGateway.Decisions.Input;

/// <summary>Writes the whole input document, every fact of it. Its shape is the contract of policies/README.md; <see cref="InputDocument"/> is the same as values.</summary>
internal static class DecisionInputJson
{
    public static void Write(Utf8JsonWriter writer, DecisionInput input)
    {
        writer.WriteStartObject();
        WriteSubject(writer, input);
        WriteAction(writer, input);
        WriteResource(writer, input);
        WriteContext(writer, input);
        if (input.Candidates is { } candidates)
        {
            writer.WriteStartArray("candidates"u8);
            foreach (var candidate in candidates)
                writer.WriteStringValue(candidate);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteSubject(Utf8JsonWriter writer, DecisionInput input)
    {
        var caller = input.Caller;
        writer.WriteStartObject("subject"u8);
        writer.WriteString("type"u8, caller.Type);
        writer.WriteString("id"u8, caller.Id);
        writer.WriteStartObject("properties"u8);
        writer.WriteString("authentication"u8, caller.Authentication);
        writer.WriteString("name"u8, caller.Agent?.Name);
        writer.WriteBoolean("registered"u8, caller.Agent is not null);
        writer.WriteString("owner"u8, caller.Agent?.Owner);
        writer.WriteString("environment"u8, caller.Agent?.Environment);
        writer.WriteString("tenant"u8, caller.Agent?.Tenant);
        writer.WriteBoolean("review_overdue"u8, InputNames.IsReviewOverdue(input));
        writer.WriteString("issuer"u8, caller.Issuer);
        writer.WritePropertyName("claims"u8);
        writer.WriteRego(caller.Claims);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteAction(Utf8JsonWriter writer, DecisionInput input)
    {
        writer.WriteStartObject("action"u8);
        writer.WriteString("name"u8, input.Call.Action);
        writer.WriteStartObject("properties"u8);
        writer.WriteString("method"u8, input.Call.Method);
        writer.WriteString("risk"u8, InputNames.Of(input.Call.Risk));
        writer.WriteString("effect"u8, input.Call.Effect);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter writer, DecisionInput input)
    {
        var tool = input.Call.Tool;
        writer.WriteStartObject("resource"u8);
        writer.WriteString("type"u8, "tool"u8);
        writer.WriteString("id"u8, tool.Name);
        writer.WriteStartObject("properties"u8);
        writer.WriteString("protocol"u8, InputNames.Protocol(tool));
        writer.WriteString("owner"u8, tool.Owner);
        writer.WriteString("environment"u8, tool.Environment);
        writer.WriteString("tenant"u8, tool.Tenant);
        writer.WriteStartArray("data"u8);
        foreach (var label in tool.Data)
            writer.WriteStringValue(label);
        writer.WriteEndArray();
        writer.WriteString("destination"u8, tool.Destination);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteContext(Utf8JsonWriter writer, DecisionInput input)
    {
        writer.WriteStartObject("context"u8);
        if (input.Candidates is null)
            WriteArguments(writer, input);
        var intent = input.Call.Intent;
        writer.WriteStartObject("intent"u8);
        writer.WriteString("task"u8, intent.Task);
        writer.WriteString("purpose"u8, intent.Purpose);
        writer.WriteBoolean("verified"u8, intent.Verified);
        writer.WriteEndObject();
        WriteDelegation(writer, input);
        WriteMcp(writer, input);
        writer.WriteStartObject("request"u8);
        writer.WriteString("id"u8, input.Id);
        writer.WriteString("remote_address"u8, input.RemoteAddress);
        writer.WriteString("time"u8, InputNames.Time(input.Time));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteArguments(Utf8JsonWriter writer, DecisionInput input)
    {
        var call = input.Call;
        writer.WriteStartObject("arguments"u8);
        writer.WritePropertyName("path"u8);
        writer.WriteRego(call.PathArguments);
        writer.WritePropertyName("query"u8);
        writer.WriteRego(call.QueryArguments);
        writer.WritePropertyName("body"u8);
        if (call.Mcp is { Arguments: { } arguments })
            writer.WriteRego(arguments);
        else if (call.Mcp is null && !call.Body.IsEmpty)
            writer.WriteRawValue(call.Body.Span, skipInputValidation: true); // Classification checked it.
        else
            writer.WriteNullValue();
        if (call.HeaderArguments is { } headers)
        {
            writer.WritePropertyName("headers"u8);
            writer.WriteRego(headers);
        }

        writer.WriteEndObject();
    }

    private static void WriteDelegation(Utf8JsonWriter writer, DecisionInput input)
    {
        if (input.Caller.Delegation is not { } delegation)
        {
            writer.WriteNull("delegation"u8);
            return;
        }

        writer.WriteStartObject("delegation"u8);
        writer.WriteStartObject("subject"u8);
        writer.WriteString("type"u8, delegation.Type);
        writer.WriteString("id"u8, delegation.Id);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteMcp(Utf8JsonWriter writer, DecisionInput input)
    {
        if (input.Call.Mcp is not { } mcp)
        {
            writer.WriteNull("mcp"u8);
            return;
        }

        writer.WriteStartObject("mcp"u8);
        writer.WriteString("method"u8, mcp.Method);
        writer.WriteString("version"u8, mcp.Version);
        writer.WritePropertyName("input_responses"u8);
        if (mcp.InputResponses is { } responses)
            writer.WriteRego(responses);
        else
            writer.WriteNullValue();
        writer.WriteString("request_state_digest"u8, mcp.RequestStateDigest);
        if (mcp.PinnedAnnotations is { } annotations)
        {
            writer.WritePropertyName("annotations"u8);
            writer.WriteRego(annotations);
        }

        writer.WriteEndObject();
    }
}
