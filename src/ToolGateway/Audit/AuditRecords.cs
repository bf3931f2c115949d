using ToolGateway.Decisions;
using ToolGateway.Identity;
using ToolGateway.ToolCalls;

namespace ToolGateway.Audit;

/// <summary>Content of a decision record. Members that are not known (an unidentified or malformed call) are null and written as null.</summary>
internal readonly record struct DecisionRecord
{
    public required string DecisionId { get; init; }

    public required DateTimeOffset Time { get; init; }

    public string? TraceId { get; init; }

    public required string RemoteAddress { get; init; }

    public Caller? Caller { get; init; }

    public ToolCall? Call { get; init; }

    /// <summary>Name of the tool in the target when <see cref="Call"/> is null and the catalogue knows it.</summary>
    public string? ToolName { get; init; }

    public required Decision Decision { get; init; }

    public required string ConfigurationRevision { get; init; }

    public required TimeSpan Duration { get; init; }
}

/// <summary>Content of an outcome record.</summary>
/// <param name="RequestDigest">Plain digest of a streamed body, such as <c>sha-256:…</c>; the log keeps its keyed form.</param>
/// <param name="Ended"><c>completed | blocked | revoked | client_aborted | upstream_error | timeout | shutdown</c></param>
internal readonly record struct OutcomeRecord(
    string DecisionId,
    DateTimeOffset Time,
    int Status,
    int? UpstreamStatus,
    long RequestBytes,
    string? RequestDigest,
    long ResponseBytes,
    TimeSpan Duration,
    string Ended,
    string? Reason);

/// <summary>Content of a change record.</summary>
/// <param name="Part"><c>policy | agents | catalogue | keys | pins</c></param>
internal sealed record ChangeRecord(string Part, string? OldRevision, string? NewRevision, string Detail);
