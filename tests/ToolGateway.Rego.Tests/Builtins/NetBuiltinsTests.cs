using ToolGateway.Rego.Limits;

namespace ToolGateway.Rego.Tests.Builtins;

public sealed class NetBuiltinsTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", "true")]
    [InlineData("172.17.0.0/24", "172.17.0.0/16", "false")]
    [InlineData("2001:4860:4860::8888/32", "2001:4860:4860:1234::8888/40", "true")]
    [InlineData("10.0.0.0/8", "::ffff:10.0.0.1", "true")]
    [InlineData("::/0", "10.0.0.1", "false")]
    [InlineData("10.0.0.0/33", "10.0.0.1", "eval_builtin_error: invalid CIDR address: 10.0.0.0/33")]
    [InlineData("10.0.0.0/8", "010.0.0.1", "eval_builtin_error: not a valid textual representation of an IP address or CIDR: 010.0.0.1")]
    public void CidrContains_Pair_DecidesAsGo(string cidr, string other, string expected) =>
        Assert.Equal(expected, JsonCall.Text("net.cidr_contains", cidr, other));

    [Theory]
    [InlineData("""["192.0.2.112/30", "192.0.2.116/31", "192.0.2.118/31"]""", """["192.0.2.112/29"]""")]
    [InlineData("""["192.0.129.0/24", "192.0.130.0/24"]""", """["192.0.129.0/24","192.0.130.0/24"]""")]
    [InlineData("""["10.0.0.1"]""", """["10.0.0.1/8"]""")]
    [InlineData("""["10.0.0.1", "10.0.0.2"]""", """["10.0.0.0/8"]""")]
    [InlineData("""["::/0", "fe80::1/128", "10.0.0.0/8"]""", """["::/0"]""")]
    [InlineData("""["0.0.0.0/1", "128.0.0.0/1"]""", """["0.0.0.0/0"]""")]
    [InlineData("[]", "[]")]
    [InlineData("""["::1"]""", "eval_builtin_error: IPv6 invalid: needs prefix length")]
    public void CidrMerge_Networks_CoversTheSameAddresses(string networks, string expected) =>
        Assert.Equal(expected, JsonCall.Run("net.cidr_merge", networks));

    [Theory]
    [InlineData("172.16.100.255/30", """["172.16.100.252","172.16.100.253","172.16.100.254","172.16.100.255"]""")]
    [InlineData("2001:db8:0:0:1::/127", """["2001:db8:0:0:1::","2001:db8::1:0:0:1"]""")]
    public void CidrExpand_SmallNetwork_ListsItsAddresses(string cidr, string expected) =>
        Assert.Equal(expected, JsonCall.Text("net.cidr_expand", cidr));

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("::/0")]
    public void CidrExpand_HugeNetwork_EndsWithinTheBudget(string cidr) =>
        Assert.Throws<RegoHaltException>(() => JsonCall.Run(JsonCall.Context(RegoLimits.Decision), "net.cidr_expand", $"\"{cidr}\""));

    [Fact]
    public void CidrContainsMatches_CollectionsOfAnyKind_NamesThePairs()
    {
        Assert.Equal("""[[0,1],[1,0]]""", JsonCall.Run("net.cidr_contains_matches", """[["1.1.2.0/24", 1], "1.1.1.0/24"]""", """["1.1.1.1", "1.1.2.1"]"""));
        Assert.Equal("""[["k","1.1.1.1"]]""", JsonCall.Run("net.cidr_contains_matches", """{"k": "1.1.1.0/24"}""", "\"1.1.1.1\""));
        Assert.Equal(
            "eval_builtin_error: operand 2: element must be string or non-empty array",
            JsonCall.Run("net.cidr_contains_matches", """["1.1.1.0/24"]""", "[1]"));
    }
}
