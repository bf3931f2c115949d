using System.Diagnostics;
using Polly.Telemetry;

namespace ToolGateway.Decisions.Opa;

/// <summary>Counts what the pipeline did about failures.</summary>
internal sealed class OpaTelemetry(DecisionMetrics metrics) : TelemetryListener
{
    public override void Write<TResult, TArgs>(in TelemetryEventArguments<TResult, TArgs> args)
    {
        if (args.Event.Severity >= ResilienceEventSeverity.Warning)
            Activity.Current?.AddEvent(new ActivityEvent(args.Event.EventName));
        if (args.Event.EventName == "OnRetry")
            metrics.Failed(OpaEngine.Name, "retry");
        else if (args.Event.EventName == "OnCircuitOpened")
            metrics.Failed(OpaEngine.Name, "circuit_opened");
    }
}
