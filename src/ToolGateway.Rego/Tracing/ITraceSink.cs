using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tracing;

/// <summary>What happened at a place of a policy.</summary>
public enum TraceEventKind
{
    /// <summary>A query, rule or function begins.</summary>
    Enter,

    /// <summary>A query, rule or function has a solution.</summary>
    Exit,

    /// <summary>An expression is evaluated.</summary>
    Eval,

    /// <summary>An expression has a solution; the step's variables show it.</summary>
    Solution,

    /// <summary>An expression is undefined or false, or a rule has no solution.</summary>
    Fail,

    /// <summary>An expression or rule is asked for another solution.</summary>
    Redo,

    /// <summary>A message of <c>trace(note)</c>.</summary>
    Note,
}

/// <summary>One step of an evaluation.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Location">Where in the policy; its text is the expression or rule.</param>
/// <param name="Depth">Nested rules and functions around it.</param>
/// <param name="Variables">The variables of the expression that are bound, by the names that the author wrote, and the values of its calls and references, by their text.</param>
/// <param name="Message">The note, or null.</param>
public sealed record TraceEvent(
    TraceEventKind Kind, SourceLocation Location, int Depth, IReadOnlyList<KeyValuePair<string, RegoValue>> Variables, string? Message = null);

/// <summary>Follows an evaluation step by step (explanations, failing tests, coverage).</summary>
public interface ITraceSink
{
    /// <summary>Called for every step, on the evaluating thread.</summary>
    void Trace(TraceEvent step);
}
