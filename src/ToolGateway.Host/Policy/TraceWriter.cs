using ToolGateway.Rego.Tracing;

namespace ToolGateway.Host.Policy;

/// <summary>Writes the steps of an evaluation, one a line, indented by depth.</summary>
internal sealed class TraceWriter(TextWriter output) : ITraceSink
{
    private const int MaxText = 120;

    public void Trace(TraceEvent step)
    {
        if (step.Kind != TraceEventKind.Solution)
            output.WriteLine(Line(step));
    }

    private static string Line(TraceEvent step)
    {
        var values = step.Variables.Count == 0 ? "" : $"    # {string.Join(", ", step.Variables.Select(variable => $"{variable.Key}: {Short(variable.Value.ToJson())}"))}";
        return $"{step.Location,-28} {new string(' ', step.Depth * 2)}{step.Kind,-5} {step.Message ?? Short(step.Location.Text)}{values}";
    }

    /// <summary>The first line of a text, cut where it is long.</summary>
    public static string Short(string text)
    {
        var line = text.AsSpan();
        if (line.IndexOf('\n') is >= 0 and var end)
            line = line[..end].TrimEnd();
        return line.Length == text.Length && line.Length <= MaxText ? text : $"{line[..Math.Min(line.Length, MaxText)]} …";
    }
}
