using ToolGateway.Decisions.Shadow;

namespace ToolGateway.Decisions.Opa;

/// <summary>A candidate in a second OPA, with a circuit of its own and none of the metrics and logs of the sidecar that decides.</summary>
internal sealed class OpaCandidate : ICandidate
{
    private readonly ServiceCredentials _credentials;
    private readonly OpaClient _client;
    private readonly OpaLiveness _liveness;
    private readonly OpaPipeline _pipeline;

    public OpaCandidate(OpaOptions options, Func<string, string> fullPath, TimeProvider clock)
    {
        _credentials = OpaTransport.Credentials(options, fullPath);
        Refresh();
        _client = new OpaClient(options, _credentials);
        _liveness = new OpaLiveness(clock, options.Timeout);
        _pipeline = new OpaPipeline(options, _client, _liveness, clock, listener: null);
    }

    public string Engine => OpaEngine.Name;

    public string? Revision => _liveness.Bundles.Revision;

    /// <summary>A question is mostly waiting.</summary>
    public int Concurrency => 8;

    public async ValueTask<CandidateAnswer> AskAsync(DecisionInput input, CancellationToken cancellation)
    {
        var question = input.Candidates is null ? OpaQuestion.Decision : OpaQuestion.Visible;
        using var buffer = OpaRequestBuffer.Rent();
        var reply = await _pipeline.AskAsync(question, buffer.Write(input)).AsTask().WaitAsync(cancellation);
        var problem = reply.Kind == OpaReplyKind.Answered ? null : $"{reply.Kind}: {reply.Detail ?? "no detail"}";
        return question == OpaQuestion.Decision ? new(OpaEngine.ToDecision(reply), null, problem) : new(null, OpaEngine.ToVisibility(reply), problem);
    }

    /// <summary>The last good files stay in use; without any the candidate is not available, and its answers say so.</summary>
    public void Refresh() => _credentials.TryReload(out _);

    public void Dispose()
    {
        _client.Dispose();
        _liveness.Dispose();
    }
}
