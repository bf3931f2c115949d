using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Configuration;
using ToolGateway.Hosting;

namespace ToolGateway.Tests.Hosting;

public sealed class IndexedJsonTests
{
    private const string Document = """{"A":{"b":1,"C":[10,20,{"d":"x"}],"e":{},"f":[],"g":null},"a2":{"b":{"c":{"d":true}}},"h":"y"}""";

    [Fact]
    public void Build_NestedDocument_HasTheKeysThatThePlainReaderGives() =>
        Assert.Equal(
            new ConfigurationBuilder().AddJsonStream(Stream(Document)).Build().AsEnumerable(),
            Indexed(Document).Build().AsEnumerable());

    [Fact]
    public void Build_WithLaterSettings_MergesTheirKeys()
    {
        string[] arguments = ["--a:C:1=30", "--A:new:key=z", "--a2=w"];

        Assert.Equal(
            new ConfigurationBuilder().AddJsonStream(Stream(Document)).AddCommandLine(arguments).Build().AsEnumerable(),
            Indexed(Document).AddCommandLine(arguments).Build().AsEnumerable());
    }

    [Fact]
    public void AsEnumerable_ManySections_DoesNotLookThroughAllForEach()
    {
        var document = $"{{{string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"\"k{i}\":{{\"a\":[\"{i}\"]}}"))}}}";
        var started = Stopwatch.GetTimestamp();

        var count = Indexed(document).Build().AsEnumerable().Count();

        // Half a second; minutes when each of the sections costs a passage through all keys.
        Assert.Equal(60_000, count);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
    }

    private static ConfigurationBuilder Indexed(string document)
    {
        var builder = new ConfigurationBuilder();
        builder.Add(new IndexedJsonSource { Stream = Stream(document) });
        return builder;
    }

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));
}
