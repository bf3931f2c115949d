using System.Net;
using ToolGateway.FunctionalTests.Identity;

namespace ToolGateway.FunctionalTests.Adversary;

/// <summary>What must make no difference makes none.</summary>
public sealed class HarmlessTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    [Fact]
    public async Task Reads_WithWhatTheToolMustNotSee_ReachItLikeAnyOther() => await SameAsync(HarmlessAttempts.Reads);

    [Fact]
    public async Task Writes_HoweverTheBodyIsSent_ReachTheToolLikeAnyOther() => await SameAsync(HarmlessAttempts.Writes);

    private async Task SameAsync(IReadOnlyList<(string Name, Func<Attacker, Task<string>> Send)> attempts)
    {
        string? expected = null;
        foreach (var (name, send) in attempts)
        {
            shared.Gateway.Upstream.Requests.Clear();
            var answer = await send(new Attacker(shared.Gateway, IPAddress.Loopback));
            Assert.True(answer.Contains("HTTP/1.1 200 ", StringComparison.Ordinal), $"{name}: {answer}");
            Assert.True(answer.Split("HTTP/1.1 200 ").Length == 2, name);
            var forwarded = shared.Gateway.Upstream.Requests.ToArray();
            Assert.True(forwarded.Length == 1, $"{name} became {forwarded.Length} requests");
            expected ??= HarmlessAttempts.Text(forwarded[0]);
            Assert.True(expected == HarmlessAttempts.Text(forwarded[0]), $"{name} changed the call:\n{HarmlessAttempts.Text(forwarded[0])}\ninstead of\n{expected}");
        }
    }
}
