using ToolGateway.Decisions.Results;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Enforcement;
using ToolGateway.Rego;
using ToolGateway.Rego.Values;

namespace ToolGateway.Decisions.Embedded;

/// <summary>A candidate in this process. Its failures are its own: they are not counted as failures of the engine that decides.</summary>
internal sealed class EmbeddedCandidate(EmbeddedPolicy policy) : ICandidate
{
    public string Engine => EmbeddedEngine.Name;

    public string? Revision => policy.Revision;

    /// <summary>Evaluation is work for a processor, which live calls need.</summary>
    public int Concurrency => 1;

    public EmbeddedPolicy Policy => policy;

    public ValueTask<CandidateAnswer> AskAsync(DecisionInput input, CancellationToken cancellation)
    {
        var entry = input.Candidates is null ? policy.Decision : policy.Visible;

        // The call was decided a moment ago; what the policy says of the time must be said of that moment.
        var evaluation = entry.Query.IsDeterministic ? policy.Evaluation : policy.Evaluation with { TimeProvider = new RecordedTime(input.Time) };
        var result = entry.Query.Evaluate(new DecisionInputSource(input), evaluation, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return new(input.Candidates is null ? Decide(result) : See(result));
    }

    public void Dispose()
    {
        // A compiled policy holds nothing.
    }

    private CandidateAnswer Decide(RegoResult result) => result.Error is { } error
        ? new(Decision.Denied(Engine, EmbeddedEngine.ReasonOf(error), Revision), null, error.ToString())
        : new(RegoResultReader.ReadDecision(result.Value, Engine, Revision), null, null);

    private CandidateAnswer See(RegoResult result)
    {
        if (result.Error is { } error)
            return new(null, Nothing(EmbeddedEngine.ReasonOf(error)), error.ToString());
        return RegoResultReader.ReadNames(result.Value) is { } names
            ? new(null, new Visibility(names, Engine, Revision, null, IsUnavailable: false), null)
            : new(null, Nothing(ReasonCodes.PolicyInvalidResult), $"visible is no set of action names but a {Kind(result.Value)}");
    }

    private static string Kind(RegoValue? value) => value?.Kind.ToString().ToLowerInvariant() ?? "undefined";

    private Visibility Nothing(string reason) => new(new HashSet<string>(), Engine, Revision, reason, IsUnavailable: false);
}
