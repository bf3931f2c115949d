using Microsoft.AspNetCore.Http;
using ToolGateway.ToolCalls.Bodies;

namespace ToolGateway.Tests.ToolCalls.Bodies;

public sealed class BodyReaderTests
{
    [Fact]
    public async Task Read_LengthThatNoArrayHas_IsTooLargeWhateverTheLimitIs()
    {
        var request = new DefaultHttpContext().Request;
        request.ContentLength = 3_000_000_000;

        var result = await BodyReader.ReadAsync(request, 4_000_000_000, CancellationToken.None);

        Assert.Equal(BodyReader.TooLarge, result.Refusal);
    }
}
