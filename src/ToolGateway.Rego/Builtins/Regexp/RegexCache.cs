using System.Collections.Concurrent;

namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>Compiled patterns, shared by all evaluations and bounded: patterns may come from input.</summary>
internal static class RegexCache
{
    private const int MaxEntries = 512;
    private const int MaxSize = 256 * 1024;

    private static readonly ConcurrentDictionary<(string? Delimiters, string Pattern), GoRegex> Entries = new();
    private static int _count;

    /// <summary>The compiled pattern, or null with the failure noted in <paramref name="context"/>.</summary>
    public static GoRegex? Get(BuiltinContext context, string pattern)
    {
        if (Find(null, pattern) is { } known)
            return known;
        if (GoRegex.Compile(pattern, context.Budget, out var error) is not { } regex)
        {
            context.Fail(error);
            return null;
        }

        Add(null, pattern, regex);
        return regex;
    }

    /// <summary>The entry for a pattern: a glob has delimiters, a regular expression none (null).</summary>
    public static GoRegex? Find(string? delimiters, string pattern) => Entries.GetValueOrDefault((delimiters, pattern));

    public static void Add(string? delimiters, string pattern, GoRegex regex)
    {
        if (regex.Size > MaxSize)
            return;
        if (Interlocked.Increment(ref _count) > MaxEntries)
        {
            // Starting over is cheap beside compiling, and keeps reading free of bookkeeping.
            Entries.Clear();
            Interlocked.Exchange(ref _count, 1);
        }

        Entries[(delimiters, pattern)] = regex;
    }
}
