namespace ToolGateway.Rego.Limits;

/// <summary>What one evaluation may use. Every number must be stated; none may be unlimited.</summary>
/// <param name="MaxSteps">Evaluation steps (expressions evaluated, elements visited, elements produced by built-ins). Exact.</param>
/// <param name="Timeout">Wall time, looked at every 256 steps.</param>
/// <param name="MaxMemoryBytes">Bytes charged for values before they are made.</param>
/// <param name="MaxCallDepth">Nested rule and function calls.</param>
public sealed record RegoLimits(long MaxSteps, TimeSpan Timeout, long MaxMemoryBytes, int MaxCallDepth)
{
    /// <summary>Limits fit for a decision on the path of a request: 1,000,000 steps, 1 s, 64 MiB, 256 calls.</summary>
    public static RegoLimits Decision { get; } = new(1_000_000, TimeSpan.FromSeconds(1), 64L << 20, 256);

    /// <summary>Limits fit for tests and tools: 100,000,000 steps, 30 s, 1 GiB, 1,024 calls.</summary>
    public static RegoLimits Tooling { get; } = new(100_000_000, TimeSpan.FromSeconds(30), 1L << 30, 1024);
}
