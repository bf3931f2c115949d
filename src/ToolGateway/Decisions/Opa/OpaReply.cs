namespace ToolGateway.Decisions.Opa;

/// <summary>How one question to the sidecar ended.</summary>
internal enum OpaReplyKind
{
    /// <summary>200; the result may be undefined.</summary>
    Answered,

    /// <summary>500 that names errors of the evaluation: OPA is well, the policy is not.</summary>
    EvaluationError,

    /// <summary>Another status below 500, such as 401: OPA is well, but does not answer this.</summary>
    Refused,

    /// <summary>Another 5xx.</summary>
    ServerError,

    /// <summary>A body that is not OPA's, is too large, or was cut off.</summary>
    Garbage,

    /// <summary>No connection.</summary>
    NotConnected,

    /// <summary>The connection broke before an answer.</summary>
    Broken,

    /// <summary>No answer in time, while OPA answered others: the question may be to blame.</summary>
    TimedOut,

    /// <summary>No answer in time, and nobody got one.</summary>
    Silent,

    /// <summary>Not asked: the circuit is open.</summary>
    CircuitOpen,
}

/// <summary>Reply to one question.</summary>
internal sealed record OpaReply(OpaReplyKind Kind)
{
    public static OpaReply CircuitOpen { get; } = new(OpaReplyKind.CircuitOpen);

    /// <summary>The decision, when a decision was asked for and answered.</summary>
    public Decision? Decision { get; init; }

    /// <summary>The names, when visibility was asked for and answered with a set of strings.</summary>
    public HashSet<string>? Names { get; init; }

    /// <summary>The bundles that answered.</summary>
    public OpaBundles Bundles { get; init; } = OpaBundles.None;

    /// <summary>What went wrong, for the log.</summary>
    public string? Detail { get; init; }

    /// <summary>Whether it says that OPA cannot be reached or does not work, rather than something about one question.</summary>
    public bool IsTransportFailure => Kind is OpaReplyKind.ServerError or OpaReplyKind.Garbage or OpaReplyKind.NotConnected or OpaReplyKind.Broken or OpaReplyKind.Silent;

    /// <summary>Whether the embedded engine may stand in.</summary>
    public bool IsConnectionFailure => Kind is OpaReplyKind.NotConnected or OpaReplyKind.Broken or OpaReplyKind.CircuitOpen;
}
