using System.Collections.Concurrent;

namespace ToolGateway.Rego.Conformance;

/// <summary>Runs cases on all cores. A case that throws, or does not end, fails.</summary>
public static class ConformanceSuite
{
    private static readonly TimeSpan CaseTimeout = TimeSpan.FromSeconds(60);

    public static IReadOnlyList<CaseResult> Run(IReadOnlyList<ConformanceCase> cases)
    {
        var results = new ConcurrentBag<(int Index, CaseResult Result)>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEachAsync(Enumerable.Range(0, cases.Count), options, async (index, _) =>
            results.Add((index, new CaseResult(cases[index], await RunAsync(cases[index]))))).GetAwaiter().GetResult();
        return [.. results.OrderBy(result => result.Index).Select(result => result.Result)];
    }

    private static async Task<string?> RunAsync(ConformanceCase @case)
    {
        try
        {
            return await Task.Run(() => CaseRunner.Run(@case)).WaitAsync(CaseTimeout);
        }
        catch (TimeoutException)
        {
            return $"did not end within {CaseTimeout.TotalSeconds:0} s";
        }
        catch (Exception e)
        {
            return $"threw {e.GetType().Name}: {e.Message} {e.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";
        }
    }
}
