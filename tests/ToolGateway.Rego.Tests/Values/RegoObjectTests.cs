using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Values;

public class RegoObjectTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1000)]
    public void ToObject_ManyMembers_FindsEachAndEnumeratesInOrder(int count)
    {
        var builder = new RegoObjectBuilder();
        foreach (var i in Enumerable.Range(0, count).Reverse())
            builder.Set("k" + i, RegoNumber.Of(i));
        foreach (var i in Enumerable.Range(0, count))
            builder.Set("k" + i, RegoNumber.Of(i + 1));
        var map = builder.ToObject();

        Assert.Equal(count, map.Count);
        Assert.All(Enumerable.Range(0, count), i =>
        {
            Assert.True(map.TryGetValue("k" + i, out var byText));
            Assert.True(map.TryGetValue(new RegoString("k" + i), out var byValue));
            Assert.Equal(RegoNumber.Of(i + 1), byText);
            Assert.Same(byText, byValue);
        });
        Assert.False(map.TryGetValue("absent", out _));
        var keys = map.Select(member => ((RegoString)member.Key).Value).ToArray();
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public void Remove_Members_KeepsTheOthersFindable()
    {
        var builder = new RegoObjectBuilder();
        for (var i = 0; i < 50; i++)
            builder.Set(RegoNumber.Of(i), RegoBoolean.True);
        for (var i = 0; i < 50; i += 2)
            Assert.True(builder.Remove(RegoNumber.Of(i)));
        var map = builder.ToObject();
        Assert.Equal(25, map.Count);
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal(i % 2 == 1, map.TryGetValue(RegoNumber.Of(i), out _)));
    }

    [Fact]
    public void TryGetValue_EqualKeysOfOtherText_AreTheSameMember()
    {
        var builder = new RegoObjectBuilder();
        for (var i = 0; i < 20; i++)
            builder.Set(RegoNumber.Of(i), RegoNumber.Of(i));
        Assert.True(builder.ToObject().TryGetValue(RegoNumber.Parse("7.0"), out var value));
        Assert.Equal(RegoNumber.Of(7), value);
    }

    [Fact]
    public void TryGetValue_SharedByThreads_FindsEverything()
    {
        var map = RegoObject.From(Enumerable.Range(0, 500).Select(i => KeyValuePair.Create<RegoValue, RegoValue>(new RegoString("k" + i), RegoNumber.Of(i))));
        Parallel.For(0, 500, i =>
        {
            Assert.True(map.TryGetValue("k" + i, out var value));
            Assert.Equal(RegoNumber.Of(i), value);
            Assert.Equal(500, map.Members.Length);
        });
    }

    [Fact]
    public void Sets_ManyElements_AreDistinctAndSorted()
    {
        var set = RegoSet.From(Enumerable.Range(0, 100).Concat(Enumerable.Range(0, 100)).Reverse().Select(i => (RegoValue)RegoNumber.Of(i)));
        Assert.Equal(100, set.Count);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (RegoValue)RegoNumber.Of(i)), set);
        Assert.True(set.Contains(RegoNumber.Parse("42.0")));
        Assert.False(set.Contains(RegoNumber.Of(100)));
    }
}
