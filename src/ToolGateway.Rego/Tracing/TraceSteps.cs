using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tracing;

/// <summary>A variable whose value a step shows.</summary>
internal readonly record struct TracedVariable(string Name, int Slot);

/// <summary>Makes the events of one place in a plan.</summary>
internal sealed class TraceSite(SourceLocation location, TracedVariable[] variables)
{
    public void Emit(ITraceSink? sink, TraceEventKind kind, int depth, ReadOnlySpan<Slot> slots, string? message = null)
    {
        if (sink is null)
            return;
        var values = new List<KeyValuePair<string, RegoValue>>(variables.Length);
        foreach (var (name, slot) in variables)
        {
            if (slots[slot].Value is { } value)
                values.Add(new(name, value));
        }

        sink.Trace(new TraceEvent(kind, location, depth, values, message));
    }
}
