using System.Text;
using ToolGateway.Enforcement.Mcp;

namespace ToolGateway.Tests.Enforcement.Mcp;

public sealed class SseEventsTests
{
    private const string Events = "id: 1\nevent: message\ndata: {\"a\":\ndata: 1}\n\n: keep alive\n\ndata:{\"b\":\"x\u2028y\u0085z\"}\n\nid: 2\ndata\n\n";

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Read_EveryLineEndAndEverySplit_GivesTheSameEventsAndEveryByte(string lineEnd)
    {
        var bytes = Encoding.UTF8.GetBytes(Events.Replace("\n", lineEnd, StringComparison.Ordinal));
        for (var chunk = 1; chunk <= bytes.Length; chunk++)
        {
            var events = await ReadAsync(bytes, chunk);

            Assert.Equal(["{\"a\":\n1}", null, "{\"b\":\"x\u2028y\u0085z\"}", null], events.Select(item => item.Data));
            Assert.Equal(bytes, events.SelectMany(item => item.Raw.ToArray()));
        }
    }

    [Fact]
    public async Task Read_MarkAtTheStart_HidesNoData()
    {
        var events = await ReadAsync([0xEF, 0xBB, 0xBF, .. "data: {}\n\n"u8], 4);

        Assert.Equal("{}", Assert.Single(events).Data);
    }

    [Fact]
    public async Task Read_UnfinishedEvent_IsReadAsWell()
    {
        var events = await ReadAsync("data: 1\n\ndata: 2"u8.ToArray(), 5);

        Assert.Equal(["1", "2"], events.Select(item => item.Data));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    public async Task Read_EventLongerThanAllowed_Ends(int chunk)
    {
        var bytes = Encoding.UTF8.GetBytes("data: " + new string('x', 20_000) + "\n\n");

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(bytes, chunk, limit: 10_000));

        Assert.Contains("10000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithData_KeepsTheOtherFields()
    {
        var item = new SseEvent(Encoding.UTF8.GetBytes("id: 7\r\nevent: message\r\ndata: {\r\ndata: }\r\nretry: 5\r\n\r\n"), "{\n}");

        Assert.Equal("id: 7\nevent: message\nretry: 5\ndata: {\"x\":1}\n\n", Encoding.UTF8.GetString(item.WithData("{\"x\":1}").Span));
    }

    private static async Task<List<SseEvent>> ReadAsync(byte[] bytes, int chunk, int limit = 1 << 20)
    {
        var events = new List<SseEvent>();
        await foreach (var item in SseEvents.ReadAsync(new Dripping(bytes, chunk), limit, CancellationToken.None))
            events.Add(item);
        return events;
    }

    /// <summary>Gives few bytes at a time, as networks do.</summary>
    private sealed class Dripping(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
