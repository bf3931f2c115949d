namespace ToolGateway.Rego.Conformance;

/// <summary>The checked-in list of cases that are known to fail, one a line: the exact note, a tab, the reason.</summary>
public sealed class KnownFailures
{
    private readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal);

    public int Count => _reasons.Count;

    public static KnownFailures Load()
    {
        var known = new KnownFailures();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "known-failures.txt")))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab <= 0 || string.IsNullOrWhiteSpace(line[(tab + 1)..]))
                throw new FormatException($"known-failures.txt: '{line}' must be a note, a tab and a reason");
            known._reasons.Add(line[..tab], line[(tab + 1)..]);
        }

        return known;
    }

    public string? ReasonFor(string note) => _reasons.GetValueOrDefault(note);

    /// <summary>Failures that are not on the list, and cases on the list that pass.</summary>
    public IReadOnlyList<string> Surprises(IEnumerable<CaseResult> results)
    {
        var surprises = new List<string>();
        foreach (var byNote in results.GroupBy(result => result.Case.Note, StringComparer.Ordinal))
        {
            var failed = byNote.FirstOrDefault(result => !result.Passed);
            if (failed is not null && !_reasons.ContainsKey(byNote.Key))
                surprises.Add($"{failed.Case.File}: {byNote.Key}: {failed.Failure}");
            else if (failed is null && _reasons.ContainsKey(byNote.Key))
                surprises.Add($"{byNote.Key}: passes, take it off known-failures.txt");
        }

        return surprises;
    }
}
