namespace ToolGateway.Rego.Conformance;

/// <summary>Prints a table by folder, failures if asked for, surprises, and the total as the last line.</summary>
internal static class Report
{
    public static void Write(TextWriter output, IReadOnlyList<CaseResult> results, KnownFailures known, bool listFailures)
    {
        var width = results.Select(result => result.Case.Folder.Length).DefaultIfEmpty(0).Max();
        foreach (var folder in results.GroupBy(result => result.Case.Folder).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var failed = folder.Count(result => !result.Passed);
            output.WriteLine($"{folder.Key.PadRight(width)}  {folder.Count() - failed,5} passed  {(failed == 0 ? "" : $"{failed,4} failed")}".TrimEnd());
        }

        if (listFailures)
        {
            foreach (var result in results.Where(result => !result.Passed))
                output.WriteLine($"FAIL {result.Case.File}: {result.Case.Note}\n     {result.Failure}{Reason(known, result)}");
        }

        foreach (var surprise in known.Surprises(results))
            output.WriteLine($"UNEXPECTED {surprise}");
        output.WriteLine($"{results.Count(result => result.Passed)} passed, {results.Count(result => !result.Passed)} failed");
    }

    private static string Reason(KnownFailures known, CaseResult result) =>
        known.ReasonFor(result.Case.Note) is { } reason ? $"\n     known: {reason}" : "";
}
