using ToolGateway.Audit.Canonical;
using ToolGateway.Decisions;
using ToolGateway.ToolCalls;

namespace ToolGateway.Audit.Records;

/// <summary>Body of a decision record: what stands between the sequence number and the hash of the record before.</summary>
internal sealed class DecisionFormat(string instance, ArgumentDigest digest)
{
    public void Write(RecordBuffer to, in DecisionRecord record)
    {
        to.Raw("\"time\":"u8);
        to.Time(record.Time);
        to.Raw(",\"type\":\"decision\",\"instance\":"u8);
        to.Text(instance);
        to.Raw(",\"decision_id\":"u8);
        to.Text(record.DecisionId);
        to.Raw(",\"trace_id\":"u8);
        to.Text(record.TraceId);
        to.Raw(",\"remote_address\":"u8);
        to.Text(record.RemoteAddress);
        CallerFormat.Write(to, record.Caller);
        Call(to, record);
        Decision(to, record.Decision);
        to.Raw(",\"configuration_revision\":"u8);
        to.Text(record.ConfigurationRevision);
        to.Raw(",\"duration_us\":"u8);
        to.Number((long)record.Duration.TotalMicroseconds);
    }

    private void Call(RecordBuffer to, in DecisionRecord record)
    {
        if (record.Call is not { } call)
        {
            to.Raw(",\"action\":null,\"resource\":"u8);
            ToolFormat.Write(to, record.ToolName);
            to.Raw(",\"intent\":null,\"arguments_digest\":null,\"upstream_credential\":null"u8);
            return;
        }

        Action(to, call);
        to.Raw(",\"resource\":"u8);
        ToolFormat.Write(to, call.Tool);
        to.Raw(",\"intent\":{\"task\":"u8);
        to.Text(call.Intent.Task);
        to.Raw(",\"purpose\":"u8);
        to.Text(call.Intent.Purpose);
        to.Raw(",\"verified\":"u8);
        to.Bool(call.Intent.Verified);
        to.Raw("},\"arguments_digest\":"u8);
        digest.Append(to, call);
        if (record.Decision.Obligations.AuditArguments is { Count: > 0 } pointers)
        {
            to.Raw(",\"arguments\":"u8);
            ClearArguments.Append(to, pointers, call);
        }

        to.Raw(",\"upstream_credential\":"u8);
        to.Text(call.Tool.Credential?.Name);
    }

    private static void Action(RecordBuffer to, ToolCall call)
    {
        to.Raw(",\"action\":{\"name\":"u8);
        to.Text(call.Action);
        to.Raw(",\"method\":"u8);
        to.Text(call.Method);
        to.Raw(",\"risk\":"u8);
        to.Raw(call.Risk switch { Risk.Low => "\"low\""u8, Risk.Medium => "\"medium\""u8, _ => "\"high\""u8 });
        to.Raw(",\"effect\":"u8);
        to.Text(call.Effect);
        if (call.Mcp is { } mcp)
        {
            to.Raw(",\"mcp\":{\"method\":"u8);
            to.Text(mcp.Method);
            to.Raw(",\"version\":"u8);
            to.Text(mcp.Version);
            to.Raw((byte)'}');
        }

        to.Raw((byte)'}');
    }

    private static void Decision(RecordBuffer to, Decision decision)
    {
        to.Raw(",\"allow\":"u8);
        to.Bool(decision.Allow);
        to.Raw(",\"outcome\":"u8);
        to.Text(decision.Outcome);
        to.Raw(",\"reasons\":"u8);
        CallerFormat.Strings(to, decision.Reasons);
        to.Raw(",\"engine\":"u8);
        to.Text(decision.Engine);
        to.Raw(",\"cached\":"u8);
        to.Bool(decision.Cached);
        to.Raw(",\"policy_revision\":"u8);
        to.Text(decision.PolicyRevision);
        to.Raw(",\"opa_decision_id\":"u8);
        to.Text(decision.OpaDecisionId);
        if (decision.OpaBundles.Count > 0)
        {
            to.Raw(",\"opa_bundles\":"u8);
            CallerFormat.Strings(to, decision.OpaBundles);
        }
    }
}
