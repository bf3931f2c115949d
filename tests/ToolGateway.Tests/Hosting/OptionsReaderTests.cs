using Microsoft.Extensions.Configuration;
using ToolGateway.Hosting;

namespace ToolGateway.Tests.Hosting;

public sealed class OptionsReaderTests
{
    [Theory]
    [InlineData("ToolGateway:Listn:Address", "x", "unknown key; did you mean 'Listen'?")]
    [InlineData("ToolGateway:Tools:crm:Actions:a:Methd", "GET", "unknown key; did you mean 'Method'?")]
    [InlineData("ToolGateway:Audit:QueueLimit", "abc", "whole number")]
    [InlineData("ToolGateway:Decisions:Opa:Timeout", "fast", "time span")]
    [InlineData("ToolGateway:Agents:a:ExpiresAt", "never", "time such as")]
    [InlineData("ToolGateway:Agents:a:ReviewBy", "soon", "date such as")]
    [InlineData("ToolGateway:Agents:a:Enabled", "perhaps", "true or false")]
    [InlineData("ToolGateway:Agents", "x", "list or map")]
    [InlineData("ToolGateway:Audit", "x", "a section belongs here")]
    [InlineData("ToolGateway:PublicUrl:Host", "x", "single value")]
    public void Read_WrongKeyOrValue_SaysWhatAndHow(string key, string value, string repair)
    {
        var errors = new ConfigurationErrors();

        OptionsReader.Read(Configuration((key, value)), errors);

        Assert.Contains(repair, Assert.Single(errors.Items).Repair, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralErrors_ReportsAll()
    {
        var errors = new ConfigurationErrors();

        OptionsReader.Read(Configuration(("ToolGateway:A", "1"), ("ToolGateway:Audit:B", "2"), ("ToolGateway:Audit:QueueLimit", "c")), errors);

        Assert.Equal(3, errors.Items.Count);
    }

    [Fact]
    public void Read_ValidSection_Binds()
    {
        var errors = new ConfigurationErrors();

        var options = OptionsReader.Read(
            Configuration(("ToolGateway:Agents:support:Identities:0", "spiffe://acme.test/a"), ("ToolGateway:Tools:crm:Actions:read:Query:fields", "many")), errors);

        Assert.False(errors.Any);
        Assert.Equal("spiffe://acme.test/a", options!.Agents["support"].Identities[0]);
        Assert.Equal("many", options.Tools["crm"].Actions["read"].Query["fields"]);
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
}
