using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ToolGateway.Audit;
using ToolGateway.Enforcement.Mcp.Pinning;
using ToolGateway.Rego.Values;
using ToolGateway.Tests.Decisions;
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
        var tool = Calls.Read.Call.Tool with { IsMcp = true, Pins = new ToolPinFile(System.Collections.Frozen.FrozenDictionary<string, ToolPin>.Empty) };

        Assert.Empty(pins.Check(tool, Listed));
        audit.IsFailing = false;
        Assert.Empty(pins.Check(tool, Listed));
        Assert.Empty(pins.Check(tool, Listed));

        Assert.Equal(2, audit.Asked);
        Assert.Single(audit.Recorded);
    }

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
