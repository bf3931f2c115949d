using System.Text.Json;

namespace ToolGateway.Audit.Reading;

/// <summary>What people look for in a decision record.</summary>
internal sealed record CallRow
{
    public required string DecisionId { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string Outcome { get; init; }

    public string? Agent { get; init; }

    public string? Subject { get; init; }

    public string? Tool { get; init; }

    public string? Action { get; init; }

    public IReadOnlyList<string> Reasons { get; init; } = [];

    public string? Task { get; init; }

    public string? RemoteAddress { get; init; }

    /// <summary>The token's id or hash, or the certificate's hash.</summary>
    public string? Credential { get; init; }

    public string? OpaDecisionId { get; init; }

    /// <summary>The registered name, or the identity when it has none.</summary>
    public string Who => Agent ?? Subject ?? "(unidentified)";

    /// <summary>Reads a decision record; null when it is not one.</summary>
    public static CallRow? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return new CallRow
            {
                DecisionId = root.GetProperty("decision_id").GetString() ?? "",
                Time = root.GetProperty("time").GetDateTimeOffset(),
                Outcome = Text(root, "outcome") ?? (root.GetProperty("allow").GetBoolean() ? "allow" : "deny"),
                Agent = Text(root, "subject", "name"),
                Subject = Text(root, "subject", "id"),
                Tool = Text(root, "resource", "id"),
                Action = Text(root, "action", "name"),
                Reasons = [.. root.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString() ?? "")],
                Task = Text(root, "intent", "task"),
                RemoteAddress = Text(root, "remote_address"),
                Credential = Text(root, "credential", "jti") ?? Text(root, "credential", "token_sha256") ?? Text(root, "credential", "x5t_s256"),
                OpaDecisionId = Text(root, "opa_decision_id"),
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
    }
}

/// <summary>What people look for in an outcome record.</summary>
internal sealed record OutcomeRow(int Status, string Ended, long DurationMicroseconds, long ResponseBytes, string? Reason)
{
    public static OutcomeRow? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return new OutcomeRow(
                root.GetProperty("status").GetInt32(), root.GetProperty("ended").GetString() ?? "", root.GetProperty("duration_us").GetInt64(),
                root.GetProperty("response_bytes").GetInt64(), root.TryGetProperty("reason", out var reason) ? reason.GetString() : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
