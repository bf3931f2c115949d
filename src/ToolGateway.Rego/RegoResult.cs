using ToolGateway.Rego.Values;

namespace ToolGateway.Rego;

/// <summary>What one evaluation gave.</summary>
public sealed record RegoResult
{
    /// <summary>Why there is no result; null when the evaluation went well (undefined included).</summary>
    public RegoError? Error { get; init; }

    /// <summary>The value of an entry point, or of a query's last expression in its first solution. Null is undefined.</summary>
    public RegoValue? Value { get; init; }

    /// <summary>One object per solution of a query: the values of its variables by their names. Empty for an entry point.</summary>
    public IReadOnlyList<RegoObject> Bindings { get; init; } = [];

    /// <summary>One list per solution of a query: the values of its expressions in the order in which they were written.</summary>
    public IReadOnlyList<IReadOnlyList<RegoValue>> Expressions { get; init; } = [];

    /// <summary>Steps that the evaluation took.</summary>
    public long Steps { get; init; }

    /// <summary>Bytes that were charged for values.</summary>
    public long ChargedBytes { get; init; }
}
