using ToolGateway.Enforcement.Limits;

namespace ToolGateway.Tests.Enforcement.Limits;

public sealed class FileDescriptorsTests
{
    [Theory]
    [InlineData("Max open files            1024                 524288               files", 384)]
    [InlineData("Max open files            100                  100                  files", 16)]
    [InlineData("Max open files            9223372036854775807  9223372036854775807  files", int.MaxValue)]
    [InlineData("Max open files            unlimited            unlimited            files", null)]
    [InlineData("Max processes             1024                 1024                 processes", null)]
    public void Allowed_SoftLimit_LeavesAReserveAndTwoForEach(string line, int? expected) =>
        Assert.Equal(expected, FileDescriptors.Allowed(["Limit                     Soft Limit           Hard Limit           Units", line]));
}
