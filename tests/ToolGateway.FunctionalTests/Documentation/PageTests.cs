using System.Text.RegularExpressions;
using ToolGateway.Host;
using ToolGateway.Hosting;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Documentation;

/// <summary>Links, paths and commands that pages name.</summary>
public sealed partial class PageTests
{
    [Fact]
    public void Links_OfEveryPage_LeadToAFileAndAHeading()
    {
        var broken = new List<string>();
        foreach (var page in Pages.All)
        {
            foreach (var link in Pages.Links(page))
            {
                var (path, anchor) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, null);
                var target = path.Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, path);
                if (!Path.Exists(Repository.Path(target)) || (anchor is not null && !Anchors(target).Contains(anchor)))
                    broken.Add($"{page}: {link}");
            }
        }

        Assert.True(Pages.All.Count > 20);
        Assert.Empty(broken);
    }

    [Fact]
    public void ShellLines_OfEveryPage_NameProjectsAndScriptsThatExist()
    {
        var named = Pages.All.SelectMany(static page => Pages.ShellLines(page).SelectMany(line => RepositoryPath().Matches(line).Select(match => (page, path: match.Value)))).ToArray();

        Assert.Contains(named, static entry => entry.path == "samples/Quickstart");
        Assert.All(named, static entry => Assert.True(Path.Exists(Repository.Path(entry.path)), $"{entry.page} names {entry.path}, which is not there"));
    }

    /// <summary>Text may name a command without its arguments, but no command or option that there is not.</summary>
    [Fact]
    public void InlineCommands_OfEveryPage_AreKnown()
    {
        var root = ToolGatewayCommand.Create();
        var named = Pages.All.SelectMany(static page => Pages.InlineCommands(page).Select(command => (page, command))).ToArray();

        Assert.NotEmpty(named);
        foreach (var (page, command) in named)
        {
            var result = root.Parse(command);
            Assert.NotSame(root, result.CommandResult.Command);
            Assert.All(result.Errors, error => Assert.False(
                error.Message.Contains("Unrecognized", StringComparison.Ordinal) || error.Message.Contains("Required command", StringComparison.Ordinal), $"{page}: toolgateway {command}: {error.Message}"));
        }
    }

    [Fact]
    public void OwaspTables_NameTestsThatExist()
    {
        var rows = Pages.Read("docs/security.md").Split('\n').Where(static line => OwaspRow().IsMatch(line)).Select(static line => line.Split('|')[^2]).ToArray();
        var sources = new[] { "tests", "policies" }.SelectMany(static folder => Directory.EnumerateFiles(Repository.Path(folder), "*", SearchOption.AllDirectories))
            .Where(static file => Path.GetExtension(file) is ".cs" or ".rego").Select(static file => $"{Path.GetFileName(file)}\n{File.ReadAllText(file)}").ToArray();

        Assert.Equal(20, rows.Length);
        foreach (var row in rows)
        {
            var names = Quoted().Matches(row).Select(static match => match.Groups[1].Value).ToArray();
            Assert.True(names.Length > 0 || row.Contains("not covered", StringComparison.Ordinal), row);
            Assert.All(names, name => Assert.True(Array.Exists(sources, source => Names(source, name)), name));
        }
    }

    [Fact]
    public void ConfigurationBlocks_KnowTheirKeys()
    {
        var blocks = Pages.Blocks("docs/configuration.md", "json").ToArray();

        Assert.NotEmpty(blocks);
        foreach (var block in blocks)
        {
            var file = Path.GetTempFileName();
            File.WriteAllText(file, $"{{\"ToolGateway\": {block}}}");
            var errors = GatewayConfiguration.Read(file).Errors;
            File.Delete(file);
            Assert.DoesNotContain(errors, static error => error.Contains("unknown key", StringComparison.Ordinal) || error.Contains(": write ", StringComparison.Ordinal) || error.Contains("not valid JSON", StringComparison.Ordinal));
        }
    }

    /// <summary>Whether a source is the file, or has the class, the method of a class, or the rule of this name.</summary>
    private static bool Names(string source, string name) => name.Split('.') switch
    {
        [_, "rego"] => source.StartsWith($"{name}\n", StringComparison.Ordinal),
        [var type, var test] => Regex.IsMatch(source, $@"class {type}\b") && source.Contains($" {test}(", StringComparison.Ordinal),
        _ => Regex.IsMatch(source, $@"(class |^){name}\b", RegexOptions.Multiline),
    };

    private static HashSet<string> Anchors(string page) =>
        [.. Heading().Matches(Pages.Read(page)).Select(static match => NotInAnchors().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"(?<![\w./-])(samples|bench|src|tests|\.ci)/[\w./-]*\w")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex("^\\| (ASI|NHI)\\d")]
    private static partial Regex OwaspRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\s-]")]
    private static partial Regex NotInAnchors();
}
