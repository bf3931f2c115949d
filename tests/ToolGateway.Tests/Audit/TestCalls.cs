using System.Text;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls;

namespace ToolGateway.Tests.Audit;

/// <summary>Calls for tests of the log.</summary>
internal static class TestCalls
{
    public static Tool Crm { get; } = new()
    {
        Name = "crm",
        IsMcp = false,
        Owner = "team-crm@acme.test",
        Risk = Risk.Medium,
        Authentication = "any",
        ClusterId = "crm",
        UpstreamPath = "",
        Timeout = TimeSpan.FromSeconds(30),
        Credential = new ToolCredential("Authorization", "Bearer upstream-secret-value", "crm-token"),
        Routes = ActionRoutes.Empty,
    };

    public static ToolCall Refund(string body = """{"order":"A-17","amount":40}""") => new()
    {
        Tool = Crm,
        Action = "refunds.create",
        Method = "POST",
        Risk = Risk.High,
        Effect = "write",
        UpstreamTarget = "/refunds",
        BodyMode = BodyMode.Json,
        Body = Encoding.UTF8.GetBytes(body),
        QueryArguments = RegoObject.From([new(new RegoString("dry"), new RegoString("no"))]),
        Intent = new Intent("T-1", "refund-order", true),
    };
}
