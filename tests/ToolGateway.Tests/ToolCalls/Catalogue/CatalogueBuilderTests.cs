using ToolGateway.Hosting;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Catalogue;
using Yarp.ReverseProxy.Configuration;

namespace ToolGateway.Tests.ToolCalls.Catalogue;

public sealed class CatalogueBuilderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("catalogue-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Build_PlainTool_HasTheDefaultsOfTheDesign()
    {
        var tool = Build(Tool()).Tools["crm"];
        var action = tool.Actions["read"];
        Assert.Equal((Risk.High, Risk.High, "write", BodyMode.None, "any"), (tool.Risk, action.Risk, action.Effect, action.Body, tool.Authentication));
        Assert.Null(tool.Tenant);
        Assert.Null(tool.Credential);
    }

    [Fact]
    public void Build_Upstream_BecomesAClusterThatKeepsItsIdWhileNothingChanges()
    {
        var first = Build(Tool());
        var again = Build(Tool());
        var moved = Build(Tool(tool => tool.Upstream = "https://other.test/base/v1/"));
        Assert.Equal(first.Tools["crm"].ClusterId, again.Tools["crm"].ClusterId);
        Assert.StartsWith("crm~", first.Tools["crm"].ClusterId, StringComparison.Ordinal);
        Assert.NotEqual(first.Tools["crm"].ClusterId, moved.Tools["crm"].ClusterId);
        Assert.Equal("/base/v1", moved.Tools["crm"].UpstreamPath);
        Assert.Equal("https://other.test", Assert.Single(moved.Clusters).Destinations!.Values.Single().Address);
    }

    [Fact]
    public void Build_NamedCluster_IsTaken()
    {
        var cluster = new ClusterConfig { ClusterId = "blue", SessionAffinity = new SessionAffinityConfig { Enabled = true, Policy = "Cookie", AffinityKeyName = "a" } };
        var catalogue = Build(Tool(tool => (tool.Upstream, tool.Cluster) = (null, "blue")), cluster);
        Assert.Equal("blue", catalogue.Tools["crm"].ClusterId);
        Assert.Same(cluster, Assert.Single(catalogue.Clusters));
    }

    [Theory]
    [InlineData("Bearer", "s3cret\r\n", "Bearer s3cret")]
    [InlineData("", "  s3cret ", "s3cret")]
    [InlineData(null, "a b", "a b")]
    public void Build_Credential_IsReadAndNeverShown(string? scheme, string content, string sent)
    {
        File.WriteAllText(Path.Combine(_directory, "crm-token"), content);
        var credential = Build(Tool(tool => tool.Credential = new ToolCredentialOptions { Scheme = scheme, ValueFile = "crm-token" })).Tools["crm"].Credential!;
        Assert.Equal(("Authorization", sent, "crm-token"), (credential.Header, credential.Value, credential.Name));
        Assert.DoesNotContain("s3cret", $"{credential}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\u0001b")]
    [InlineData("\u00e9")]
    public void Build_CredentialThatCannotBeSent_IsAnErrorWithoutTheValue(string content)
    {
        File.WriteAllText(Path.Combine(_directory, "token"), content);
        var error = Assert.Single(Errors(Tool(tool => tool.Credential = new ToolCredentialOptions { ValueFile = "token" })));
        Assert.Equal("ToolGateway:Tools:crm:Credential:ValueFile", error.Key);
        Assert.Equal("token", error.Value);
    }

    [Fact]
    public void Build_CredentialTooLong_IsAnError()
    {
        File.WriteAllText(Path.Combine(_directory, "token"), new string('x', 20_000));
        Assert.Single(Errors(Tool(tool => tool.Credential = new ToolCredentialOptions { ValueFile = "token" })));
    }

    public static TheoryData<string, string> Mistakes() => new()
    {
        { "owner", "Owner" },
        { "neither", "Tools:crm" },
        { "both", "Tools:crm" },
        { "upstream-relative", "Upstream" },
        { "upstream-scheme", "Upstream" },
        { "upstream-query", "Upstream" },
        { "upstream-user", "Upstream" },
        { "cluster-unknown", "Cluster" },
        { "cluster-affinity-default", "Cluster" },
        { "cluster-affinity-hash", "Cluster" },
        { "protocol", "Protocol" },
        { "risk", "Risk" },
        { "authentication", "Authentication" },
        { "timeout-zero", "Timeout" },
        { "timeout-long", "Timeout" },
        { "no-actions", "Actions" },
        { "action-name", "Actions:a b" },
        { "method-missing", "Actions:read:Method" },
        { "method-lower", "Actions:read:Method" },
        { "method-connect", "Actions:read:Method" },
        { "path-missing", "Actions:read:Path" },
        { "path-dots", "Actions:read:Path" },
        { "path-ambiguous", "Actions:same:Path" },
        { "query-value", "Actions:read:Query:q" },
        { "query-wildcard-one", "Actions:read:Query:*" },
        { "query-case", "Actions:read:Query:Q" },
        { "body", "Actions:read:Body" },
        { "action-risk", "Actions:read:Risk" },
        { "effect", "Actions:read:Effect" },
        { "header-cookie", "ForwardHeaders" },
        { "header-forwarded", "ForwardHeaders" },
        { "header-override", "ForwardHeaders" },
        { "header-dpop", "ForwardHeaders" },
        { "header-credential", "ForwardHeaders" },
        { "header-name", "ForwardHeaders" },
        { "credential-header", "Credential:Header" },
        { "credential-file", "Credential:ValueFile" },
        { "mcp-path", "Actions:read" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Build_Mistake_IsReportedWithKeyAndRepair(string mistake, string key)
    {
        File.WriteAllText(Path.Combine(_directory, "token"), "x");
        var errors = Errors(Tool(tool => Make(mistake, tool)));
        Assert.Contains(errors, error => error.Key.EndsWith(key, StringComparison.Ordinal) && error.Repair.Length > 10);
    }

    [Fact]
    public void Build_NamesThatDifferInCase_AreAnError()
    {
        var options = new ToolGatewayOptions();
        options.Tools["crm"] = Tool();
        options.Tools["CRM"] = Tool();
        var errors = new ConfigurationErrors();
        CatalogueBuilder.Build(options, new Dictionary<string, ClusterConfig>(StringComparer.Ordinal), new FileSet(_directory), errors);
        Assert.Contains("differs", Assert.Single(errors.Items).Repair, StringComparison.Ordinal);
    }

    private static void Make(string mistake, ToolOptions tool)
    {
        var read = tool.Actions["read"];
        switch (mistake)
        {
            case "owner": tool.Owner = " "; break;
            case "neither": tool.Upstream = null; break;
            case "both": tool.Cluster = "blue"; break;
            case "upstream-relative": tool.Upstream = "crm:7001"; break;
            case "upstream-scheme": tool.Upstream = "ftp://crm/"; break;
            case "upstream-query": tool.Upstream = "http://crm/?a=b"; break;
            case "upstream-user": tool.Upstream = "http://u:p@crm/"; break;
            case "cluster-unknown": (tool.Upstream, tool.Cluster) = (null, "red"); break;
            case "cluster-affinity-default": (tool.Upstream, tool.Cluster) = (null, "affine"); break;
            case "cluster-affinity-hash": (tool.Upstream, tool.Cluster) = (null, "hashed"); break;
            case "protocol": tool.Protocol = "grpc"; break;
            case "risk": tool.Risk = "LOW"; break;
            case "authentication": tool.Authentication = "none"; break;
            case "timeout-zero": tool.Timeout = TimeSpan.Zero; break;
            case "timeout-long": tool.Timeout = TimeSpan.FromDays(1); break;
            case "no-actions": tool.Actions.Clear(); break;
            case "action-name": tool.Actions["a b"] = Action("/x"); break;
            case "method-missing": read.Method = null; break;
            case "method-lower": read.Method = "get"; break;
            case "method-connect": read.Method = "CONNECT"; break;
            case "path-missing": read.Path = null; break;
            case "path-dots": read.Path = "/a/../b"; break;
            case "path-ambiguous": tool.Actions["same"] = Action("/customers/{other}"); break;
            case "query-value": read.Query["q"] = "some"; break;
            case "query-wildcard-one": read.Query["*"] = "one"; break;
            case "query-case": (read.Query["q"], read.Query["Q"]) = ("one", "one"); break;
            case "body": read.Body = "xml"; break;
            case "action-risk": read.Risk = "none"; break;
            case "effect": read.Effect = "delete"; break;
            case "header-cookie": tool.ForwardHeaders.Add("cookie"); break;
            case "header-forwarded": tool.ForwardHeaders.Add("X-Forwarded-For"); break;
            case "header-override": tool.ForwardHeaders.Add("X-Http-Method-Override"); break;
            case "header-dpop": tool.ForwardHeaders.Add("DPoP"); break;
            case "header-credential":
                tool.Credential = new ToolCredentialOptions { Header = "X-Key", ValueFile = "token" };
                tool.ForwardHeaders.Add("x-key");
                break;
            case "header-name": tool.ForwardHeaders.Add("a b"); break;
            case "credential-header": tool.Credential = new ToolCredentialOptions { Header = "Host", ValueFile = "token" }; break;
            case "credential-file": tool.Credential = new ToolCredentialOptions { ValueFile = "missing" }; break;
            case "mcp-path": tool.Protocol = "mcp"; break;
            default: throw new ArgumentOutOfRangeException(nameof(mistake), mistake, null);
        }
    }

    private static ToolOptions Tool(Action<ToolOptions>? change = null)
    {
        var tool = new ToolOptions { Upstream = "http://127.0.0.1:7001/", Owner = "team@acme.test" };
        tool.Actions["read"] = Action("/customers/{id}");
        change?.Invoke(tool);
        return tool;
    }

    private static ActionOptions Action(string path) => new() { Method = "GET", Path = path };

    private ToolCatalogue Build(ToolOptions tool, params ClusterConfig[] clusters)
    {
        var errors = new ConfigurationErrors();
        var catalogue = Build(tool, errors, clusters);
        Assert.Empty(errors.Items);
        return catalogue;
    }

    private IReadOnlyList<ConfigurationError> Errors(ToolOptions tool)
    {
        var errors = new ConfigurationErrors();
        Build(
            tool,
            errors,
            new ClusterConfig { ClusterId = "blue" },
            new ClusterConfig { ClusterId = "affine", SessionAffinity = new SessionAffinityConfig { Enabled = true, AffinityKeyName = "a" } },
            new ClusterConfig { ClusterId = "hashed", SessionAffinity = new SessionAffinityConfig { Enabled = true, Policy = "HashCookie", AffinityKeyName = "a" } });
        return errors.Items;
    }

    private ToolCatalogue Build(ToolOptions tool, ConfigurationErrors errors, params ClusterConfig[] clusters)
    {
        var options = new ToolGatewayOptions();
        options.Tools["crm"] = tool;
        return CatalogueBuilder.Build(options, clusters.ToDictionary(cluster => cluster.ClusterId, StringComparer.Ordinal), new FileSet(_directory), errors);
    }
}
