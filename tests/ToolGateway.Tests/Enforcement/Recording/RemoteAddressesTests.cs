using System.Net;
using ToolGateway.Enforcement.Recording;

namespace ToolGateway.Tests.Enforcement.Recording;

public sealed class RemoteAddressesTests
{
    [Theory]
    [InlineData("10.0.0.7", "10.0.0.7", "10.0.0.7")]
    [InlineData("::ffff:10.0.0.7", "10.0.0.7", "10.0.0.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void Read_Address_CountsOneHostAsOneSource(string address, string text, string source) =>
        Assert.Equal(new RemoteAddress(text, source), RemoteAddresses.Read(IPAddress.Parse(address)));
}
