using System.Net;

namespace ToolGateway.Quickstart;

/// <summary>One call of the script, and the answer that it must get.</summary>
internal sealed record Step(string Title, HttpMethod Method, string Path, Credentials Credentials, string? Body, HttpStatusCode Expected, string? ExpectedReason);

/// <summary>What a call presents.</summary>
internal enum Credentials
{
    None,
    Certificate,
    Token,
    CertificateAndToken,
    TokenForOthers,
}

/// <summary>The answer to a step.</summary>
internal sealed record Answer(Step Step, HttpStatusCode Status, string? Reason, string? DecisionId, string? Timing, TimeSpan Elapsed)
{
    public bool IsExpected => Status == Step.Expected && (Step.ExpectedReason is null || Reason == Step.ExpectedReason);
}

/// <summary>The script: allowed, denied, unidentified and unknown calls, then one before and after a change of policy.</summary>
internal static class Scenario
{
    private const string Customer = "/tools/crm/customers/42";
    private const string Refund = "/tools/crm/refunds";
    private const string Refund40 = """{"order":"A-17","amount":40}""";

    /// <summary>Denied at first; allowed once the limit in the policy's data is raised.</summary>
    public static Step OverLimit { get; } = new(
        "refund of 400, over the limit", HttpMethod.Post, Refund, Credentials.CertificateAndToken, """{"order":"A-17","amount":400}""",
        HttpStatusCode.Forbidden, "argument_over_limit");

    public static IReadOnlyList<Step> Calls { get; } =
    [
        new("read a customer, by certificate", HttpMethod.Get, Customer, Credentials.Certificate, null, HttpStatusCode.OK, null),
        new("read a customer, by token", HttpMethod.Get, Customer, Credentials.Token, null, HttpStatusCode.OK, null),
        new("refund of 40, by both", HttpMethod.Post, Refund, Credentials.CertificateAndToken, Refund40, HttpStatusCode.OK, null),
        new("refund with no task that an issuer vouches for", HttpMethod.Post, Refund, Credentials.Certificate, Refund40, HttpStatusCode.Forbidden, null),
        new("export all customers", HttpMethod.Get, "/tools/crm/customers", Credentials.CertificateAndToken, null, HttpStatusCode.Forbidden, "not_granted"),
        new("token for another audience", HttpMethod.Get, Customer, Credentials.TokenForOthers, null, HttpStatusCode.Unauthorized, "token_audience"),
        new("no credential", HttpMethod.Get, Customer, Credentials.None, null, HttpStatusCode.Unauthorized, "credential_missing"),
        new("a path that nobody described", HttpMethod.Get, "/tools/crm/admin", Credentials.Certificate, null, HttpStatusCode.NotFound, "action_unknown"),
        OverLimit,
    ];

    public static Step AfterChange { get; } =
        OverLimit with { Title = "the same, after the policy's limit is 500", Expected = HttpStatusCode.OK, ExpectedReason = null };
}
