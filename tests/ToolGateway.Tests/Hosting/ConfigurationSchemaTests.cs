using System.Text.Json;
using ToolGateway.Hosting;
using ToolGateway.Testing;

namespace ToolGateway.Tests.Hosting;

public sealed class ConfigurationSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public void Create_MatchesTheSchemaThatIsShipped() =>
        Assert.Equal(
            File.ReadAllText(Repository.Path("docs/configuration.schema.json")).Trim(),
            ConfigurationSchema.Create().ToJsonString(Indented));

    [Fact]
    public void Create_EveryOption_HasADescription()
    {
        var section = ConfigurationSchema.Create()["properties"]!["ToolGateway"]!["properties"]!.AsObject();

        Assert.All(section, property => Assert.False(string.IsNullOrWhiteSpace(property.Value!["description"]?.ToString()), property.Key));
    }
}
