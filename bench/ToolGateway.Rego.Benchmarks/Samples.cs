using System.Text;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Benchmarks;

/// <summary>The gateway's own policy and one call, and policies that grow.</summary>
internal static class Samples
{
    public const string EntryPoint = "toolgateway/decision";

    public static RegoEvaluationOptions Options { get; } = new(RegoLimits.Decision) { StrictBuiltinErrors = true };

    public static byte[] Input { get; } = Encoding.UTF8.GetBytes("""
        {"subject":{"type":"agent","id":"spiffe://acme.test/agent/support","properties":{"authentication":"mtls+jwt","name":"support","registered":true,
        "owner":"team-support@acme.test","environment":"prod","tenant":"acme","review_overdue":false,"issuer":"https://issuer.acme.test","claims":{}}},
        "action":{"name":"refunds.create","properties":{"method":"POST","risk":"high","effect":"write"}},
        "resource":{"type":"tool","id":"crm","properties":{"protocol":"http","owner":"team-crm@acme.test","environment":"prod","tenant":"acme","data":["pii"],"destination":"internal"}},
        "context":{"arguments":{"path":{},"query":{},"body":{"order":"A-17","amount":40}},"intent":{"task":"T-1","purpose":"refund-order","verified":true},
        "delegation":null,"mcp":null,"request":{"id":"01a2","remote_address":"10.0.0.7","time":"2026-11-22T05:16:51.051Z"}}}
        """);

    public static RegoPolicy Shipped(RegoObject? data = null)
    {
        var directory = Path.Combine(AppContext.BaseDirectory, "policies", "toolgateway");
        var sources = Directory.EnumerateFiles(directory, "*.rego").Where(file => !file.EndsWith("_test.rego", StringComparison.Ordinal))
            .Select(file => new RegoSource(Path.GetFileName(file), File.ReadAllText(file)));
        var shipped = RegoObject.From([new(new RegoString("toolgateway"), RegoJson.Parse(File.ReadAllBytes(Path.Combine(directory, "data.json"))))]);
        return Compile(sources, data ?? shipped);
    }

    /// <summary>Data with the grants of as many agents; the caller's own are among them.</summary>
    public static RegoObject Grants(int agents)
    {
        var text = new StringBuilder("{\"toolgateway\":{\"protocol_methods\":[],\"grants\":{");
        for (var i = 1; i < agents; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\"agent-{i}\":{{\"crm\":{{\"refunds.create\":{{}}}}}},");
        text.Append("\"support\":{\"crm\":{\"refunds.create\":{\"limits\":[{\"argument\":[\"body\",\"amount\"],\"max\":100}]}}}}}}");
        return (RegoObject)RegoJson.Parse(text.ToString());
    }

    /// <summary>As many rules, of which one can match the input.</summary>
    public static RegoPolicy Rules(int count)
    {
        var text = new StringBuilder("package toolgateway\n\ndefault decision := false\n\ndecision if allowed\n\n");
        for (var i = 0; i < count; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"allowed if {{\n\tinput.action.name == \"{(i == count / 2 ? "refunds.create" : $"action.{i}")}\"\n\tinput.context.arguments.body.amount < 100\n}}\n\n");
        }

        return Compile([new RegoSource("rules.rego", text.ToString())], null);
    }

    public static PreparedQuery Prepare(RegoPolicy policy) =>
        policy.PrepareEntryPoint(EntryPoint) is { Query: { } query } ? query : throw new InvalidOperationException("the entry point does not compile");

    private static RegoPolicy Compile(IEnumerable<RegoSource> sources, RegoObject? data) =>
        new RegoCompiler().Compile(sources, data) is { Policy: { } policy } ? policy : throw new InvalidOperationException("the policy does not compile");
}
