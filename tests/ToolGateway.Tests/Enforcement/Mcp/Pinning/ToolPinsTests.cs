using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ToolGateway.Audit;
using ToolGateway.Enforcement.Mcp.Pinning;
using ToolGateway.Rego.Values;
using ToolGateway.Tests.Decisions;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Mcp;

namespace ToolGateway.Tests.Enforcement.Mcp.Pinning;

public sealed class ToolPinsTests
{
    private static readonly RegoArray Listed = (RegoArray)RegoJson.Parse("""[{"name":"read_file","description":"Reads."}]""");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Check_ChangeThatCouldNotBeRecorded_IsRecordedWhenItIsSeenAgain(bool throws)
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var audit = new FailingAudit { Throws = throws };
        var pins = new ToolPins(audit, services.GetRequiredService<IMeterFactory>(), NullLogger<ToolPins>.Instance);
        var tool = Pinned("files");

        Assert.Empty(pins.Check(tool, Listed));
        audit.IsFailing = false;
        Assert.Empty(pins.Check(tool, Listed));
        Assert.Empty(pins.Check(tool, Listed));

        Assert.Equal(2, audit.Asked);
        Assert.Single(audit.Recorded);
    }

    /// <summary>A server that changes itself all the time must not cover what another one changes once.</summary>
    [Fact]
    public async Task Check_ServerThatInventsToolsWithoutEnd_SilencesOnlyItself()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var audit = new FailingAudit { IsFailing = false };
        var pins = new ToolPins(audit, services.GetRequiredService<IMeterFactory>(), NullLogger<ToolPins>.Instance);
        var invented = RegoArray.From([.. Enumerable.Range(0, 1_500).Select(static i => RegoJson.Parse($$"""{"name":"tool_{{i}}"}"""))]);

        Assert.Empty(pins.Check(Pinned("inventive"), invented));
        Assert.Empty(pins.Check(Pinned("quiet"), Listed));

        Assert.Equal(1_000, audit.Recorded.Count(static record => record.Detail.StartsWith("inventive: ", StringComparison.Ordinal)));
        Assert.Single(audit.Recorded, static record => record.Detail.StartsWith("quiet: ", StringComparison.Ordinal));
    }

    private static Tool Pinned(string name) => Calls.Read.Call.Tool with { Name = name, IsMcp = true, Pins = new ToolPinFile(FrozenDictionary<string, ToolPin>.Empty) };

    private sealed class FailingAudit : IAuditLog
    {
        public bool IsFailing { get; set; } = true;

        public bool Throws { get; init; }

        public int Asked { get; private set; }

        public List<ChangeRecord> Recorded { get; } = [];

        public bool IsAvailable => !IsFailing;

        public ValueTask<bool> ChangeAsync(ChangeRecord record, CancellationToken cancellation)
        {
            Asked++;
            if (IsFailing)
                return Throws ? ValueTask.FromException<bool>(new InvalidOperationException("a bug")) : new(false);
            Recorded.Add(record);
            return new(true);
        }

        public ValueTask<bool> DecisionAsync(in DecisionRecord record, Durability durability, CancellationToken cancellation) => throw new NotSupportedException();

        public void Outcome(in OutcomeRecord record) => throw new NotSupportedException();

        public void Unidentified(in DecisionRecord decision, in OutcomeRecord outcome) => throw new NotSupportedException();
    }
}
