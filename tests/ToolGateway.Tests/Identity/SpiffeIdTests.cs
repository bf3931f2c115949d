using ToolGateway.Identity;

namespace ToolGateway.Tests.Identity;

public sealed class SpiffeIdTests
{
    [Theory]
    [InlineData("spiffe://acme.test/agent/support", "acme.test", "/agent/support")]
    [InlineData("spiffe://a_b-c.1/A.b-C_d", "a_b-c.1", "/A.b-C_d")]
    public void TryParse_StrictForm_Splits(string text, string trustDomain, string path)
    {
        Assert.True(SpiffeId.TryParse(text, out var id));
        Assert.Equal((trustDomain, path, text), (id.TrustDomain, id.Path, id.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://acme.test/agent")]
    [InlineData("SPIFFE://acme.test/agent")]
    [InlineData("spiffe://acme.test")]
    [InlineData("spiffe://acme.test/")]
    [InlineData("spiffe:///agent")]
    [InlineData("spiffe://Acme.test/agent")]
    [InlineData("spiffe://user@acme.test/agent")]
    [InlineData("spiffe://acme.test:443/agent")]
    [InlineData("spiffe://acme.test/agent?x=1")]
    [InlineData("spiffe://acme.test/agent#x")]
    [InlineData("spiffe://acme.test/agent/")]
    [InlineData("spiffe://acme.test//agent")]
    [InlineData("spiffe://acme.test/./agent")]
    [InlineData("spiffe://acme.test/a/../agent")]
    [InlineData("spiffe://acme.test/..")]
    [InlineData("spiffe://acme.test/%61gent")]
    [InlineData("spiffe://acme.test/agent\0")]
    [InlineData("spiffe://acme.test/agént")]
    [InlineData("spiffe://acmé.test/agent")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(SpiffeId.TryParse(text, out _));

    [Fact]
    public void TryParse_TooLong_IsRefused()
    {
        Assert.True(SpiffeId.TryParse($"spiffe://a/{new string('x', 2037)}", out _));
        Assert.False(SpiffeId.TryParse($"spiffe://a/{new string('x', 2038)}", out _));
        Assert.True(SpiffeId.TryParse($"spiffe://{new string('a', 255)}/x", out _));
        Assert.False(SpiffeId.TryParse($"spiffe://{new string('a', 256)}/x", out _));
    }
}
