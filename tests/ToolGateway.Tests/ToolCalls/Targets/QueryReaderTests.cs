using System.Collections.Frozen;
using ToolGateway.Enforcement;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Targets;

namespace ToolGateway.Tests.ToolCalls.Targets;

public sealed class QueryReaderTests
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData("?limit=10", "{\"limit\":\"10\"}")]
    [InlineData("?limit", "{\"limit\":\"\"}")]
    [InlineData("?limit=a=b", "{\"limit\":\"a=b\"}")]
    [InlineData("?fields=a", "{\"fields\":[\"a\"]}")]
    [InlineData("?fields=a&limit=1&fields=b", "{\"fields\":[\"a\",\"b\"],\"limit\":\"1\"}")]
    [InlineData("?limit=a%20%3Db", "{\"limit\":\"a =b\"}")]
    public void Read_ListedNames_BecomeArguments(string query, string expected)
    {
        Assert.Null(Read(query, any: false, out var arguments));
        Assert.Equal(expected, RegoJson.Serialize(arguments));
    }

    [Theory]
    [InlineData("?other=1")]
    [InlineData("?Limit=1")]
    [InlineData("?limit=1&limit=2")]
    [InlineData("?limit=1&LIMIT=2")]
    [InlineData("?fields=1&Fields=2")]
    [InlineData("?limit=1&&fields=1")]
    [InlineData("?&limit=1")]
    [InlineData("?limit=1&")]
    [InlineData("?")]
    [InlineData("?=1")]
    public void Read_AnythingElse_IsRefused(string query) => Assert.Equal(ReasonCodes.QueryInvalid, Read(query, any: false, out _)?.Reason);

    [Fact]
    public void Read_Wildcard_TakesAnyNameAsMany()
    {
        Assert.Null(Read("?q=1&w=2&q=3&limit=4", any: true, out var arguments));
        Assert.Equal("{\"limit\":\"4\",\"q\":[\"1\",\"3\"],\"w\":[\"2\"]}", RegoJson.Serialize(arguments));
    }

    [Theory]
    [InlineData("?q=1&Q=2")]
    [InlineData("?Limit=1")]
    [InlineData("?limit=1&limit=2")]
    public void Read_WildcardWithAnotherSpelling_IsRefused(string query) => Assert.Equal(ReasonCodes.QueryInvalid, Read(query, any: true, out _)?.Reason);

    [Fact]
    public void Read_TooManyPairs_IsRefused() =>
        Assert.Contains("256", Read("?" + string.Join('&', Enumerable.Range(0, 257).Select(i => $"q{i}=1")), any: true, out _)?.Detail, StringComparison.Ordinal);

    private static CallRefusal? Read(string query, bool any, out RegoObject arguments)
    {
        var names = new Dictionary<string, bool>(StringComparer.Ordinal) { ["limit"] = false, ["fields"] = true }.ToFrozenDictionary(StringComparer.Ordinal);
        var action = new ToolAction("a", "GET", "/a", names, any, BodyMode.None, Risk.Low, "read");
        Assert.Null(TargetReader.Read("/tools/crm/a" + query, out var target));
        return QueryReader.Read(target, action, out arguments);
    }
}
