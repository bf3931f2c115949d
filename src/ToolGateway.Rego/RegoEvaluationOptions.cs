using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Tracing;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego;

/// <summary>What one evaluation may use and see. The same options may serve many evaluations at once.</summary>
/// <param name="Limits">What the evaluation may use.</param>
public sealed record RegoEvaluationOptions(RegoLimits Limits)
{
    /// <summary>Whether a failing built-in ends the evaluation with its error. Otherwise its call is undefined, as in OPA by default.</summary>
    public bool StrictBuiltinErrors { get; init; }

    /// <summary>The clock: what <c>time.now_ns</c> shows, and what the deadline is measured with.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Makes random built-ins repeatable; null draws from the shared source.</summary>
    public int? RandomSeed { get; init; }

    /// <summary>What <c>opa.runtime</c> shows.</summary>
    public RegoObject Runtime { get; init; } = RegoObject.Empty;

    /// <summary>Receives what <c>print</c> writes; null discards it unread.</summary>
    public Action<string>? Print { get; init; }

    /// <summary>Follows the evaluation step by step; null costs nothing.</summary>
    public ITraceSink? Trace { get; init; }
}
