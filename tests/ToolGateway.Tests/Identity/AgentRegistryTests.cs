using ToolGateway.Hosting;
using ToolGateway.Identity;

namespace ToolGateway.Tests.Identity;

public sealed class AgentRegistryTests
{
    [Theory]
    [InlineData("spiffe://acme.test/agent/x", true)]
    [InlineData("https://issuer.acme.test#x", true)]
    [InlineData("https://issuer.acme.test#spiffe://acme.test/x", true)]
    [InlineData("spiffe://acme.test", false)]
    [InlineData("spiffe://ACME.test/agent/x", false)]
    [InlineData("spiffe://acme.test/agent#x", false)]
    [InlineData("x", false)]
    [InlineData("#x", false)]
    [InlineData("", false)]
    public void Build_Identity_IsASpiffeIdOrIssuerAndValue(string identity, bool valid)
    {
        var errors = Build(("support", new AgentOptions { Owner = "team", Identities = [identity] }));
        Assert.Equal(valid, errors.Count == 0);
        Assert.All(errors, error => Assert.Equal("ToolGateway:Agents:support:Identities:0", error.Key));
    }

    [Fact]
    public void Build_IdentityOfTwoAgents_NamesBoth()
    {
        var options = new AgentOptions { Owner = "team", Identities = ["spiffe://acme.test/x"] };
        var error = Assert.Single(Build(("a", options), ("b", options)));
        Assert.Equal("ToolGateway:Agents:b:Identities:0", error.Key);
        Assert.Contains("'a'", error.Repair, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_NothingSaid_NamesWhatIsMissing() =>
        Assert.Equal(["Owner", "Identities"], Build(("a", new AgentOptions())).Select(error => error.Key.Split(':')[^1]));

    private static IReadOnlyList<ConfigurationError> Build(params (string Name, AgentOptions Options)[] agents)
    {
        var errors = new ConfigurationErrors();
        AgentRegistry.Build(agents.ToDictionary(agent => agent.Name, agent => agent.Options), errors);
        return errors.Items;
    }
}
