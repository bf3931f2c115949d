using System.Text.RegularExpressions;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Documentation;

/// <summary>The repository's pages, and what stands in them.</summary>
internal static partial class Pages
{
    /// <summary>Paths of all pages, relative to the repository.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. new[] { "docs", "policies", "samples", "bench", "src" }
            .SelectMany(static folder => Directory.EnumerateFiles(Repository.Path(folder), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root, "*.md"))
            .Select(static file => Path.GetRelativePath(Repository.Root, file))
            .Where(static file => !file.Split('/').Any(static part => part is "bin" or "obj" or "node_modules"))
            .Order(StringComparer.Ordinal),
    ];

    public static string Read(string page) => File.ReadAllText(Repository.Path(page));

    /// <summary>Code blocks of a language, as they stand.</summary>
    public static IEnumerable<string> Blocks(string page, string language) =>
        Fence().Matches(Read(page)).Where(match => match.Groups["language"].Value == language).Select(static match => match.Groups["code"].Value);

    /// <summary>Lines for a shell: those of <c>sh</c> blocks, and those after a prompt in <c>console</c> blocks.</summary>
    public static IEnumerable<string> ShellLines(string page) =>
        Blocks(page, "sh").SelectMany(static code => code.Split('\n'))
            .Concat(Blocks(page, "console").SelectMany(static code => code.Split('\n')).Where(static line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(static line => line[2..]))
            .Select(static line => line.Trim()).Where(static line => line.Length > 0);

    /// <summary>Targets of links to files.</summary>
    public static IEnumerable<string> Links(string page) =>
        Link().Matches(Fence().Replace(Read(page), "")).Select(static match => match.Groups["target"].Value).Where(static target => !target.Contains("://", StringComparison.Ordinal));

    /// <summary>Commands named in running text.</summary>
    public static IEnumerable<string> InlineCommands(string page) => Inline().Matches(Fence().Replace(Read(page), "")).Select(static match => match.Groups["command"].Value);

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`toolgateway (?<command>[^`…|]+)`")]
    private static partial Regex Inline();
}
