using System.Text;
using ToolGateway.Decisions;
using ToolGateway.Identity;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls;

namespace ToolGateway.Tests.Decisions;

/// <summary>Questions for tests: an allowed read, and ways to change it.</summary>
internal static class Calls
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 5, 16, 51, 51, TimeSpan.Zero);

    public static Agent Support { get; } = new(
        "support", "team-support@acme.test", "prod", "acme", Enabled: true, ExpiresAt: null, ReviewBy: null, ["spiffe://acme.test/agent/support"]);

    public static Caller Caller { get; } = new()
    {
        Type = "agent",
        Id = "spiffe://acme.test/agent/support",
        Authentication = "mtls",
        Agent = Support,
        Credential = new CredentialInfo("mtls", null, null, null, null, Now.AddHours(1)),
    };

    public static Tool Crm { get; } = new()
    {
        Name = "crm",
        IsMcp = false,
        Owner = "team-crm@acme.test",
        Environment = "prod",
        Tenant = "acme",
        Destination = "internal",
        Data = ["pii"],
        Risk = Risk.Medium,
        Authentication = "any",
        ClusterId = "crm",
        UpstreamPath = "",
        Timeout = TimeSpan.FromSeconds(100),
        Routes = ActionRoutes.Empty,
    };

    public static Tool Files { get; } = Crm with { Name = "files", IsMcp = true, Owner = "team-files@acme.test", Data = [] };

    public static ToolCall ReadCall { get; } = new()
    {
        Tool = Crm,
        Action = "customers.read",
        Method = "GET",
        Risk = Risk.Low,
        Effect = "read",
        UpstreamTarget = "/customers/42",
        BodyMode = BodyMode.None,
        PathArguments = Object("""{"id":"42"}"""),
        Intent = default,
    };

    public static DecisionInput Read { get; } = Question(ReadCall);

    public static DecisionInput Question(ToolCall call, Caller? caller = null) => new(caller ?? Caller, call, "call-1", "10.0.0.7", Now);

    public static DecisionInput Refund(string body, Intent? intent = null, Caller? caller = null) => Question(
        ReadCall with
        {
            Action = "refunds.create",
            Method = "POST",
            Risk = Risk.High,
            Effect = "write",
            UpstreamTarget = "/refunds",
            BodyMode = BodyMode.Json,
            PathArguments = RegoObject.Empty,
            Body = Encoding.UTF8.GetBytes(body),
            Intent = intent ?? new Intent("T-1", "refund-order", true),
        },
        caller);

    public static DecisionInput Mcp(string action, string? arguments = null) => Question(ReadCall with
    {
        Tool = Files,
        Action = action,
        Method = "POST",
        Risk = Risk.Low,
        Effect = "read",
        UpstreamTarget = "/mcp",
        PathArguments = RegoObject.Empty,
        Mcp = new McpCall(action.StartsWith("mcp:", StringComparison.Ordinal) ? action[4..] : "tools/call", "2026-07-28", null, null)
        {
            Arguments = arguments is null ? null : RegoJson.Parse(arguments),
        },
    });

    public static RegoObject Object(string json) => (RegoObject)RegoJson.Parse(json);
}
