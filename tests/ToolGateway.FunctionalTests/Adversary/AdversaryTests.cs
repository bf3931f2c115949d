using System.Globalization;

namespace ToolGateway.FunctionalTests.Adversary;

/// <summary>A list of attempts over raw TLS connections and with forged credentials: none reaches the tool, and each leaves exactly the records that it should.</summary>
public sealed class AdversaryTests(AttackedGateway gateway) : IClassFixture<AttackedGateway>
{
    public static TheoryData<string> Names => [.. AttackedGateway.Attempts.Select(attempt => attempt.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Attempt_IsRefusedAndRecordedOnce(string name)
    {
        var attempt = AttackedGateway.Attempts.Single(attempt => attempt.Name == name);
        var answer = gateway.AnswerTo(attempt);
        if (attempt.Status is { } status)
            Assert.StartsWith($"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} ", answer, StringComparison.Ordinal);
        var calls = gateway.RecordsOf(attempt);
        Assert.Equal(attempt.Records, calls.Count);
        Assert.All(calls, records =>
        {
            Assert.Equal(["decision", "outcome"], records.Select(record => (string?)record["type"]));
            Assert.False((bool)records[0]["allow"]!);
            Assert.Equal([attempt.Reason], records[0]["reasons"]!.AsArray().Select(reason => (string?)reason));
            Assert.Equal(attempt.Status ?? (int)records[1]["status"]!, (int)records[1]["status"]!);
        });
    }

    [Fact]
    public void Attempts_ReachNoTool() => Assert.Empty(gateway.Forwarded);
}
