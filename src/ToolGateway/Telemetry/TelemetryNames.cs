namespace ToolGateway.Telemetry;

/// <summary>Names of meters, instruments, sources and tags: the contract of dashboards and alerts.</summary>
internal static class TelemetryNames
{
    public const string Meter = "ToolGateway";
    public const string ActivitySource = "ToolGateway";

    public const string Decisions = "toolgateway.decisions";
    public const string DecisionDuration = "toolgateway.decision.duration";
    public const string RequestDuration = "toolgateway.request.duration";
    public const string StageDuration = "toolgateway.stage.duration";
    public const string IdentityRefusals = "toolgateway.identity.refusals";
    public const string SnapshotReloads = "toolgateway.snapshot.reloads";
    public const string SnapshotInfo = "toolgateway.snapshot.info";
    public const string ShadowDecisions = "toolgateway.shadow.decisions";
    public const string ShadowDropped = "toolgateway.shadow.dropped";
    public const string ShadowQueue = "toolgateway.shadow.queue";
    public const string CredentialExpiry = "toolgateway.credential.expiry";

    public const string BundleRequests = "toolgateway.bundle.requests";
    public const string BundleFetched = "toolgateway.bundle.fetched";
    public const string BundleActivated = "toolgateway.bundle.activated";
    public const string KeysFetched = "toolgateway.identity.keys_fetched";
    public const string KeysFailing = "toolgateway.identity.keys_failing";

    public const string Tool = "tool";
    public const string Action = "action";
    public const string Outcome = "outcome";
    public const string Reason = "reason";
    public const string Engine = "engine";
    public const string Stage = "stage";
    public const string Method = "method";
    public const string Part = "part";
    public const string Name = "name";
    public const string Issuer = "issuer";
    public const string Result = "result";
    public const string Revision = "revision";

    /// <summary>Stands for every value that is not of a closed list.</summary>
    public const string Other = "_other";

    /// <summary>Bucket bounds of every duration, in seconds.</summary>
    public static IReadOnlyList<double> DurationBuckets { get; } =
    [
        0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ];
}
