namespace ToolGateway.Decisions.Shadow;

/// <summary>A policy that is asked what it would decide. Never throws for what a policy or a sidecar does: that is an answer.</summary>
internal interface ICandidate : IDisposable
{
    /// <summary><c>embedded</c> or <c>opa</c>.</summary>
    string Engine { get; }

    /// <summary>Revision of the policy; null while it is not known.</summary>
    string? Revision { get; }

    /// <summary>How many questions may be asked at once.</summary>
    int Concurrency { get; }

    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> came first; nobody waits for the answer any more.</exception>
    ValueTask<CandidateAnswer> AskAsync(DecisionInput input, CancellationToken cancellation);

    /// <summary>Called now and then, to read again what may have changed.</summary>
    void Refresh()
    {
    }
}

/// <summary>What a candidate says.</summary>
/// <param name="Decision">The decision; null when visibility was asked for.</param>
/// <param name="Visibility">The names; null when a decision was asked for.</param>
/// <param name="Problem">What went wrong, for the log.</param>
internal readonly record struct CandidateAnswer(Decision? Decision, Visibility? Visibility, string? Problem);
