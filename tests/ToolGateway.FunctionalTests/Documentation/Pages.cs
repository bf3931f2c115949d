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

    /// <summary>Languages of the page's code blocks.</summary>
    public static IEnumerable<string> Languages(string page) => Fence().Matches(Read(page)).Select(static match => match.Groups["language"].Value);

    /// <summary>Samples whose comments show commands: lines of a comment that are set off by three blanks.</summary>
    public static IReadOnlyList<string> Samples { get; } =
    [
        .. Directory.EnumerateFiles(Repository.Path("samples"), "*", SearchOption.AllDirectories)
            .Where(static file => Path.GetExtension(file) is ".yaml" or ".yml" or ".service" or ".conf" or ".rego" or ".Dockerfile")
            .Select(static file => Path.GetRelativePath(Repository.Root, file)).Where(static file => !file.Split('/').Any(static part => part is "bin" or "obj")).Order(StringComparer.Ordinal),
    ];

    public static IEnumerable<string> CommentedLines(string sample) => Comment().Matches(Read(sample)).Select(static match => match.Groups["line"].Value.Trim());

    /// <summary>Commands in running text that have an argument or an option: those of this project, and those of other programs that operators are told to use.</summary>
    public static IEnumerable<string> InlineLines(string page) => InlineLine().Matches(Fence().Replace(Read(page), "")).Select(static match => match.Groups["line"].Value);

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

    [GeneratedRegex(@"^ *#   (?<line>\S.*)$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"`(?<line>((dotnet|docker|podman|kubectl|helm|opa|openssl|curl|git|npm|promtool|systemctl|systemd-analyze|journalctl|ulimit|sudo|apt|apt-get|chmod|chown) |(\./|\.ci/|bench/[\w/]+\.sh)[^\s`]*)[^`]*)`")]
    private static partial Regex InlineLine();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`toolgateway (?<command>[^`…|]+)`")]
    private static partial Regex Inline();
}
