using ToolGateway.Rego;
using ToolGateway.Rego.Tracing;
using ToolGateway.Rego.Values;

namespace ToolGateway.Host.Policy;

/// <summary>
/// Which lines of rules the tests evaluated. A line counts when it holds code of a rule; an expression of several lines covers all of them.
/// Test files are not counted.
/// </summary>
internal sealed class Coverage(IReadOnlyList<RegoSource> sources, RegoPolicy policy) : ITraceSink
{
    private readonly Dictionary<string, HashSet<int>> _covered = [];

    public void Trace(TraceEvent step)
    {
        if (step.Location.Row < 1 || step.Kind is TraceEventKind.Fail or TraceEventKind.Redo)
            return;
        if (!_covered.TryGetValue(step.Location.File, out var rows))
            _covered.Add(step.Location.File, rows = []);
        rows.Add(step.Location.Row);
        if (step.Kind != TraceEventKind.Eval)
            return;
        for (var row = 1; row <= step.Location.Text.AsSpan().Count('\n'); row++)
            rows.Add(step.Location.Row + row);
    }

    public IReadOnlyList<FileCoverage> Files() =>
    [
        .. sources
            .Where(source => !source.File.EndsWith("_test.rego", StringComparison.Ordinal))
            .Select(source => Of(source, CodeRows(source)))
            .Where(file => file.Covered.Count + file.NotCovered.Count > 0),
    ];

    public static double Percent(IEnumerable<FileCoverage> files)
    {
        var (covered, all) = files.Aggregate((0, 0), (sum, file) => (sum.Item1 + file.Covered.Count, sum.Item2 + file.Covered.Count + file.NotCovered.Count));
        return all == 0 ? 0 : Math.Round(100.0 * covered / all, 2);
    }

    private FileCoverage Of(RegoSource source, SortedSet<int> rows)
    {
        var covered = _covered.GetValueOrDefault(source.File) ?? [];
        return new FileCoverage(source.File, [.. rows.Where(covered.Contains)], [.. rows.Where(row => !covered.Contains(row))]);
    }

    private SortedSet<int> CodeRows(RegoSource source)
    {
        var lines = source.Text.Split('\n');
        var rows = new SortedSet<int>();
        foreach (var rule in policy.Rules.Where(rule => rule.Location.File == source.File && !rule.IsDefault))
        {
            for (var i = 0; i <= rule.Location.Text.AsSpan().TrimEnd().Count('\n'); i++)
            {
                var line = lines[rule.Location.Row - 1 + i].AsSpan().Trim();
                if (line.Length > 0 && line[0] != '#' && line.IndexOfAnyExcept("})],") >= 0)
                    rows.Add(rule.Location.Row + i);
            }
        }

        return rows;
    }
}

/// <summary>Covered and uncovered rows of one file.</summary>
internal sealed record FileCoverage(string File, IReadOnlyList<int> Covered, IReadOnlyList<int> NotCovered)
{
    /// <summary>Rows as ranges, such as <c>3-5, 9</c>.</summary>
    public static IEnumerable<(int Start, int End)> Ranges(IReadOnlyList<int> rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var start = rows[i];
            while (i + 1 < rows.Count && rows[i + 1] == rows[i] + 1)
                i++;
            yield return (start, rows[i]);
        }
    }

    public RegoObject ToJson() => JsonObject.Of(
        ("covered", RangesJson(Covered)),
        ("not_covered", RangesJson(NotCovered)),
        ("covered_lines", RegoNumber.Of(Covered.Count)),
        ("not_covered_lines", RegoNumber.Of(NotCovered.Count)),
        ("coverage", RegoNumber.Parse(Coverage.Percent([this]).ToString(System.Globalization.CultureInfo.InvariantCulture))));

    private static RegoArray RangesJson(IReadOnlyList<int> rows) => RegoArray.From(Ranges(rows).Select(range => JsonObject.Of(
        ("start", JsonObject.Of(("row", RegoNumber.Of(range.Start)))),
        ("end", JsonObject.Of(("row", RegoNumber.Of(range.End)))))));
}
