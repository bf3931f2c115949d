using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ToolGateway.Audit;
using ToolGateway.Testing;

namespace ToolGateway.Tests.Audit;

public sealed class AuditMetricsTests
{
    [Fact]
    public async Task Meter_OfALog_CountsRecordsByTypeFailuresAndTheQueue()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new AuditMetrics(services.GetRequiredService<IMeterFactory>());
        var sums = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "ToolGateway" && ReferenceEquals(instrument.Meter.Scope, services.GetRequiredService<IMeterFactory>()))
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => sums.AddOrUpdate($"{instrument.Name} {tags[0].Value}", value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => sums[instrument.Name] = value);
        listener.Start();
        var storage = new FaultyStorage();
        await using var test = new TestLog();
        var log = new AuditLog(new AuditSettings(test.Options, "gw-1", test.Root), metrics, TimeProvider.System, NullLogger<AuditLog>.Instance, storage);
        await log.OpenAsync(default);
        Assert.True(await log.DecisionAsync(TestLog.Decision("d-1"), Durability.Written, default));
        log.Outcome(TestLog.Outcome("d-1"));
        storage.Room = 0;
        Assert.False(await log.DecisionAsync(TestLog.Decision("d-2"), Durability.Written, default));
        Assert.False(await log.DecisionAsync(TestLog.Decision("d-3"), Durability.Written, default));
        storage.Room = long.MaxValue;
        listener.RecordObservableInstruments();
        await log.StopAsync();
        Assert.Equal(1, sums["toolgateway.audit.records decision"]);
        Assert.Equal(1, sums["toolgateway.audit.records outcome"]);
        Assert.Equal(1, sums["toolgateway.audit.records start"]);
        Assert.Equal(1, sums["toolgateway.audit.records stop"]);
        Assert.True(sums["toolgateway.audit.failures write"] >= 1);
        Assert.Equal(1, sums["toolgateway.audit.failures unavailable"]);
        Assert.True(sums.ContainsKey("toolgateway.audit.queue"));
    }
}
