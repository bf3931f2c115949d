namespace ToolGateway.Rego.Limits;

/// <summary>What one source may be. Looked at before anything is read.</summary>
/// <param name="MaxBytes">Size as UTF-8.</param>
/// <param name="MaxLines">Lines.</param>
/// <param name="MaxDepth">Nesting of brackets, operators, <c>else</c> branches and calls.</param>
public sealed record SourceLimits(int MaxBytes, int MaxLines, int MaxDepth)
{
    /// <summary>10 MiB, 200,000 lines, 256 levels.</summary>
    public static SourceLimits Default { get; } = new(10 << 20, 200_000, 256);
}
