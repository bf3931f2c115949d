using System.Text.Json.Nodes;
using ToolGateway.Testing;

namespace ToolGateway.Faults;

/// <summary>The configuration of every site: short timeouts, wide rates, and the number of each call in its record.</summary>
internal static class SiteConfiguration
{
    public const string Grants = """
        {
          "customers.read": { "obligations": [ { "type": "audit_arguments", "pointers": [ "/path/id" ] } ] },
          "refunds.create": { "obligations": [ { "type": "audit_arguments", "pointers": [ "/body/id" ] } ] },
          "streams.read": { "obligations": [ { "type": "audit_arguments", "pointers": [ "/path/id" ] }, { "type": "timeout_seconds", "seconds": 2 },
                                             { "type": "limit_response_bytes", "bytes": 32768 } ] }
        }
        """;

    public static void Apply(GatewayFixture fixture)
    {
        var tool = fixture.Configuration["Tools"]!["crm"]!;
        tool["Timeout"] = Site.ToolTimeout.ToString();
        tool["Actions"] = JsonNode.Parse("""
            {
              "customers.read": { "Method": "GET", "Path": "/customers/{id}", "Risk": "low", "Effect": "read" },
              "forbidden.read": { "Method": "GET", "Path": "/forbidden/{id}", "Risk": "low", "Effect": "read" },
              "streams.read": { "Method": "GET", "Path": "/streams/{id}", "Risk": "low", "Effect": "read" },
              "refunds.create": { "Method": "POST", "Path": "/refunds", "Body": "json", "Risk": "low", "Effect": "write" }
            }
            """);
        fixture.Configuration["Decisions"]!["Embedded"]!["Timeout"] = Site.DecisionTimeout.ToString();
        fixture.Configuration["Audit"]!["Timeout"] = Site.AuditTimeout.ToString();
        fixture.Configuration["Limits"] = JsonNode.Parse("""
            {
              "HeadersTimeout": "00:00:02", "BodyTimeout": "00:00:02",
              "PerSource": { "PerSecond": 1000000, "Concurrent": 100000 }, "PerCaller": { "PerSecond": 1000000, "Concurrent": 100000 },
              "PerTool": { "PerSecond": 1000000, "Concurrent": 100000 }
            }
            """);
        WriteGrants(fixture, 0);
    }

    /// <summary>The shipped policy's data with grants for the callers; <paramref name="version"/> makes it another revision.</summary>
    public static void WriteGrants(GatewayFixture fixture, int version)
    {
        var path = Path.Combine(fixture.PolicyDirectory, "toolgateway", "data.json");
        var data = JsonNode.Parse(File.ReadAllText(path))!;
        data["grants"]!["support"] = new JsonObject { ["crm"] = JsonNode.Parse(Grants) };
        data["grants"]!["nobody"] = new JsonObject { [$"tool-{version}"] = new JsonObject() };
        File.WriteAllText(path + ".new", data.ToJsonString());
        File.Move(path + ".new", path, overwrite: true);
    }
}
