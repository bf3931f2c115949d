using Microsoft.Extensions.Logging;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Enforcement;
using ToolGateway.Hosting;

namespace ToolGateway.Decisions.Opa;

/// <summary>Decides by asking the OPA sidecar.</summary>
internal sealed partial class OpaEngine : IAsyncDisposable
{
    public const string Name = "opa";

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly OpaOptions _options;
    private readonly ServiceCredentials _credentials;
    private readonly OpaClient _client;
    private readonly OpaLiveness _liveness;
    private readonly OpaPipeline _pipeline;
    private readonly DecisionMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _polling;
    private string? _lastProblem;
    private OpaReplyKind _lastKind = OpaReplyKind.Answered;

    public OpaEngine(OpaOptions options, Func<string, string> fullPath, TimeProvider clock, DecisionMetrics metrics, ILogger logger)
    {
        _options = options;
        _metrics = metrics;
        _logger = logger;
        _credentials = OpaTransport.Credentials(options, fullPath);
        ReloadCredentials();
        _client = new OpaClient(options, _credentials);
        _liveness = new OpaLiveness(clock, options.Timeout);
        _pipeline = new OpaPipeline(options, _client, _liveness, clock, new OpaTelemetry(metrics));
        metrics.ObserveClientCertificate("opa", _credentials);
        metrics.ObserveCircuit(Name, () => _pipeline.Circuit);
        _polling = Task.Run(() => PollAsync(_stopping.Token));
    }

    /// <summary>Revision of the policy that OPA reported last; null when it has no bundle with a revision.</summary>
    public string? Revision => _liveness.Bundles.Revision;

    public bool IsCircuitOpen => _pipeline.Circuit == 2;

    public async ValueTask<OpaReply> AskAsync(DecisionInput input)
    {
        var question = input.Candidates is null ? OpaQuestion.Decision : OpaQuestion.Visible;
        var buffer = OpaRequestBuffer.Rent();
        var reply = await _pipeline.AskAsync(question, buffer.Write(input));

        // After a timeout the transport may still hold the bytes.
        if (reply.Kind is OpaReplyKind.Answered or OpaReplyKind.EvaluationError or OpaReplyKind.Refused)
            buffer.Return();
        else
            buffer.Dispose();
        if (reply.Kind != OpaReplyKind.Answered || _lastKind != OpaReplyKind.Answered)
            Note(reply);
        return reply;
    }

    /// <summary>The embedded policy that may answer instead: only when OPA cannot be reached, and only when it is the policy that OPA had.</summary>
    public EmbeddedPolicy? StandIn(OpaReply reply, GatewaySnapshot snapshot) =>
        reply.IsConnectionFailure && _options.WhenUnavailable == "Embedded" && Revision is { } revision && snapshot.Policy is { } policy && policy.Revision == revision
            ? policy
            : null;

    public static Decision ToDecision(OpaReply reply) => reply.Decision ?? (Failure(reply) switch
    {
        (var reason, true) => Decision.Unavailable(Name, reason),
        (var reason, false) => Decision.Denied(Name, reason),
    });

    public static Visibility ToVisibility(OpaReply reply)
    {
        if (reply.Names is { } names)
            return new Visibility(names, Name, reply.Bundles.Revision, null, IsUnavailable: false);
        var (reason, isUnavailable) = Failure(reply);
        return new Visibility(new HashSet<string>(), Name, reply.Bundles.Revision, reason, isUnavailable);
    }

    /// <summary>The reason for a reply that answers nothing, and whether that means that no answer came (503) rather than a denial.</summary>
    public static (string Reason, bool IsUnavailable) Failure(OpaReply reply) => reply.Kind switch
    {
        OpaReplyKind.Answered => (ReasonCodes.PolicyInvalidResult, false),
        OpaReplyKind.EvaluationError => (ReasonCodes.PolicyError, false),
        OpaReplyKind.TimedOut or OpaReplyKind.Silent => (ReasonCodes.PolicyTimeout, true),
        _ => (ReasonCodes.PolicyUnavailable, true),
    };

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _polling;
        _client.Dispose();
        _liveness.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Every second, and at once after a timeout: reads the credential files again, and asks whether OPA answers and with which policy.</summary>
    private async Task PollAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                ReloadCredentials();
                using (var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
                {
                    timeout.CancelAfter(_options.Timeout);
                    await PollOnceAsync(timeout.Token, cancellation);
                }

                await _liveness.WaitAsync(PollInterval, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            Log.PollStopped(_logger);
        }
    }

    private async Task PollOnceAsync(CancellationToken timeout, CancellationToken stopping)
    {
        try
        {
            _liveness.Heard(await _client.AskAsync(OpaQuestion.Revision, default, timeout));
        }
        catch (Exception e) when (e is not OutOfMemoryException && !stopping.IsCancellationRequested)
        {
            // Whatever it is: what ended the polling would leave revision and circuit as they are for good.
            Log.PollUnanswered(_logger, e.Message);
        }
    }

    private void ReloadCredentials()
    {
        if (!_credentials.TryReload(out var problem) && problem != _lastProblem)
            Log.CredentialsRefused(_logger, problem!);
        _lastProblem = problem;
    }

    private void Note(OpaReply reply)
    {
        var kind = reply.Kind;
        if (kind != OpaReplyKind.Answered)
            _metrics.Failed(Name, KindTag(kind));
        if (kind == OpaReplyKind.EvaluationError)
            Log.EvaluationFailed(_logger, reply.Detail!);
        var last = _lastKind;
        _lastKind = kind;
        if (kind == last)
            return;
        if (kind == OpaReplyKind.Answered)
            Log.Recovered(_logger, _options.Address!);
        else if (kind != OpaReplyKind.EvaluationError)
            Log.Failed(_logger, _options.Address!, KindTag(kind), reply.Detail ?? "no detail");
    }

    private static string KindTag(OpaReplyKind kind) => kind switch
    {
        OpaReplyKind.EvaluationError => "evaluation",
        OpaReplyKind.Refused or OpaReplyKind.ServerError => "status",
        OpaReplyKind.Garbage => "garbage",
        OpaReplyKind.NotConnected or OpaReplyKind.Broken => "connection",
        OpaReplyKind.CircuitOpen => "circuit_open",
        _ => "timeout",
    };

    private static partial class Log
    {
        [LoggerMessage(3100, LogLevel.Error, "OPA at {Address} does not decide: {Kind} ({Detail}); calls are denied or decided by the embedded engine, as configured")]
        public static partial void Failed(ILogger logger, string address, string kind, string detail);

        [LoggerMessage(3101, LogLevel.Information, "OPA at {Address} decides again")]
        public static partial void Recovered(ILogger logger, string address);

        [LoggerMessage(3102, LogLevel.Error, "OPA could not evaluate the policy, the call is denied: {Detail}")]
        public static partial void EvaluationFailed(ILogger logger, string detail);

        [LoggerMessage(3103, LogLevel.Error, "credential files of Decisions:Opa are not used, the last good ones stay: {Problem}")]
        public static partial void CredentialsRefused(ILogger logger, string problem);

        [LoggerMessage(3104, LogLevel.Debug, "A poll of OPA had no answer: {Reason}")]
        public static partial void PollUnanswered(ILogger logger, string reason);

        [LoggerMessage(3105, LogLevel.Debug, "polling OPA ended")]
        public static partial void PollStopped(ILogger logger);
    }
}
