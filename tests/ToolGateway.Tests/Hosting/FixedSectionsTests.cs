using ToolGateway.Hosting;

namespace ToolGateway.Tests.Hosting;

public sealed class FixedSectionsTests
{
    [Fact]
    public void Changed_SectionsThatAreReadAtStart_AreNamed()
    {
        var next = new ToolGatewayOptions();
        next.Audit.Path = "elsewhere";
        next.Decisions.Engine = "Opa";

        Assert.Equal(["Audit", "Decisions"], FixedSections.Changed(new ToolGatewayOptions(), next));
    }

    [Fact]
    public void Changed_Shadow_NeedsNoRestart()
    {
        var next = new ToolGatewayOptions();
        next.Decisions.Shadow.Engine = "Embedded";

        Assert.Empty(FixedSections.Changed(new ToolGatewayOptions(), next));
    }
}
