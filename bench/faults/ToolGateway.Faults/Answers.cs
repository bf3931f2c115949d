using System.Diagnostics;

namespace ToolGateway.Faults;

/// <summary>One answer as its caller saw it.</summary>
/// <param name="Kind">Which caller: <c>allowed</c>, <c>denied</c>, …</param>
/// <param name="Label">Status and reason, or how the connection ended.</param>
/// <param name="Ended">When, on the harness's clock.</param>
internal readonly record struct Answer(string Kind, string Label, bool IsExpected, long Ended, TimeSpan Took);

/// <summary>What all callers of a site saw.</summary>
internal sealed class Answers
{
    /// <summary>So many good answers in a row are a gateway that works again.</summary>
    private const int Steady = 20;

    private readonly Lock _gate = new();
    private readonly List<Answer> _all = [];

    public IReadOnlyList<Answer> All
    {
        get
        {
            lock (_gate)
                return [.. _all];
        }
    }

    public void Add(string kind, string label, bool isExpected, long started)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_gate)
            _all.Add(new Answer(kind, label, isExpected, now, Stopwatch.GetElapsedTime(started, now)));
    }

    /// <summary>From <paramref name="repaired"/> to the first of many good answers in a row; null while there are none.</summary>
    public TimeSpan? RecoveredAfter(long repaired)
    {
        long first = 0;
        var run = 0;
        foreach (var answer in All.Where(answer => answer.Ended > repaired && answer.Kind is Caller.Allowed or Caller.Denied or Caller.Fresh or Caller.Bearer))
        {
            if (!answer.IsExpected)
                run = 0;
            else if (run++ == 0)
                first = answer.Ended;
            if (run == Steady)
                return Stopwatch.GetElapsedTime(repaired, first);
        }

        return null;
    }

    public SortedDictionary<string, SortedDictionary<string, int>> Counts()
    {
        var counts = new SortedDictionary<string, SortedDictionary<string, int>>(StringComparer.Ordinal);
        foreach (var answer in All)
        {
            if (!counts.TryGetValue(answer.Kind, out var labels))
                counts[answer.Kind] = labels = new(StringComparer.Ordinal);
            labels[answer.Label] = labels.GetValueOrDefault(answer.Label) + 1;
        }

        return counts;
    }
}
