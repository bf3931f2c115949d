using System.Reflection;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Documentation;

/// <summary>No page shows a line for a shell that nobody runs.</summary>
public sealed class ShellLineTests
{
    private const string Gate = ".ci/run";

    [Fact]
    public void Lines_OfEveryPage_AreRunByATestOrByTheGate()
    {
        var gate = new[] { Gate, ".ci/install", ".ci/tool" }.SelectMany(static file => File.ReadLines(Repository.Path(file))).Where(static line => !line.TrimStart().StartsWith('#')).Select(Words).ToArray();
        var unrun = ShellLines.All.Where(entry => !ShellLines.RunnersOf(entry.Line).Any() && !IsOfTheGate(ShellLines.WithoutComment(entry.Line), gate)).ToArray();

        Assert.True(ShellLines.All.Count > 40);
        Assert.Empty(unrun.Select(static entry => $"{entry.Place}: {entry.Line}"));
    }

    [Fact]
    public void Lines_OfEveryPage_HaveOneRunner_WhichIsATest()
    {
        foreach (var (place, line) in ShellLines.All)
        {
            var runners = ShellLines.RunnersOf(line).ToArray();
            Assert.True(runners.Length <= 1, $"{place}: {line} is run by {string.Join(" and ", runners)}");
            Assert.All(runners, static runner => Assert.NotNull(runner.Class.GetMethod(runner.Test)!.GetCustomAttribute<FactAttribute>()));
        }
    }

    /// <summary>A block in another language would be overlooked by all of this.</summary>
    [Fact]
    public void Blocks_OfEveryPage_AreInALanguageThatIsRunOrRead()
    {
        var languages = Pages.All.SelectMany(static page => Pages.Languages(page).Select(language => (page, language)));

        Assert.All(languages, static entry => Assert.True(
            entry.language is "sh" or "console" or "csharp" or "ts" or "python" or "json" or "jsonc" or "rego" or "", $"{entry.page} has a block in '{entry.language}'"));
        Assert.All(Pages.All.SelectMany(static page => Pages.Blocks(page, "")), static block => Assert.True(
            block.Contains('│', StringComparison.Ordinal) || block.Contains("BenchmarkDotNet v", StringComparison.Ordinal), $"a block without a language that is no drawing:\n{block}"));
    }

    [Theory]
    [InlineData("dotnet test --collect coverage")]
    [InlineData("make")]
    public void Line_NobodyRuns_IsNoticed(string line)
    {
        Assert.Empty(ShellLines.RunnersOf(line));
        Assert.False(IsOfTheGate(line, [.. File.ReadLines(Repository.Path(Gate)).Select(Words)]));
    }

    /// <summary>Whether the gate runs the line, with more options at most.</summary>
    private static bool IsOfTheGate(string line, string[][] gate) => line == Gate || gate.Any(words =>
    {
        var wanted = new Queue<string>(Words(line));
        foreach (var word in words)
        {
            if (wanted.TryPeek(out var next) && next == word)
                wanted.Dequeue();
        }

        return wanted.Count == 0;
    });

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
