using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Values;

public class SharedTextTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("name")]
    [InlineData("identifier")]
    [InlineData("a-name-of-exactly-forty-characters-long-")]
    public void OfName_SameText_IsOneObject(string text)
    {
        var first = SharedText.OfName(Encoding.UTF8.GetBytes(text));

        Assert.Equal(text, first.Value);
        Assert.Same(first, SharedText.OfName(Encoding.UTF8.GetBytes(text)));
        Assert.Same(first, SharedText.OfValue(Encoding.UTF8.GetBytes(text)));
        Assert.Same(first, SharedText.Of(new RegoString(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("naïve")]
    [InlineData("日本語日本語")]
    [InlineData("a text that is longer than any name that is worth sharing")]
    public void OfName_TextThatIsNotShared_IsKept(string text)
    {
        Assert.Equal(text, SharedText.OfName(Encoding.UTF8.GetBytes(text)).Value);
        Assert.Equal(text, SharedText.Of(new RegoString(text)).Value);
    }

    [Fact]
    public void OfName_MoreTextsThanPlaces_KeepsEveryText()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 20_000; i++)
                Assert.Equal($"key-{i}", SharedText.OfName(Encoding.UTF8.GetBytes($"key-{i}")).Value);
        }
    }

    [Fact]
    public void OfName_ManyThreads_NeverMixesTexts() =>
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 20_000; i++)
                Assert.Equal($"name{i % 9_000}", SharedText.OfName(Encoding.UTF8.GetBytes($"name{i % 9_000}")).Value);
        });
}
