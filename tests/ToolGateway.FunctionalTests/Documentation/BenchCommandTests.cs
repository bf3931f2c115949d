using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Documentation;

/// <summary>Lines that measure, run in so small a form that they only show that they work. Nothing is asserted of figures, and no result that is kept is touched.</summary>
public sealed class BenchCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("toolgateway-bench-").FullName;
    private readonly string[] _before = Kept();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Assert.Equal(_before, Kept());
    }

    [Fact]
    public async Task Load_OfEveryPage_RunsOnTrial()
    {
        foreach (var line in ShellLines.Of(nameof(Load_OfEveryPage_RunsOnTrial)))
            await RunAsync($"{ShellLines.WithoutComment(line)} --trial '{_folder}'");

        Assert.Equal(
            ["growth.json", "growth.md", "growth.svg", "latency.svg", "load.json", "load.md", "stages.svg", "throughput.svg"],
            Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var table = await File.ReadAllTextAsync(Path.Combine(_folder, "load.md"));
        Assert.Contains("| 3 gateway, distinct arguments | 16 | closed |", table, StringComparison.Ordinal);
        Assert.Contains("| 8 gateway, mTLS | 16 | open ", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_OfEveryPage_ListWhatTheyRun()
    {
        foreach (var line in ShellLines.Of(nameof(Faults_OfEveryPage_ListWhatTheyRun)))
            Assert.Matches("(?m)^(sidecar|gateway)-[a-z-]+: ", await RunAsync(ShellLines.WithoutComment(line).Replace(" --list", "", StringComparison.Ordinal) + " --list"));
    }

    [Fact]
    public async Task Faults_OnlyOne_RunsIt()
    {
        var (code, output) = await Shell.RunAsync("bench/faults/run.sh --only gateway-sigterm");

        // An answer that was late is the matter of a machine that has nothing else to do.
        Assert.True(code == 0 || output.Contains("an answer took ", StringComparison.Ordinal), output);
        Assert.Contains("| **gateway-sigterm**: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Benchmarks_OfEveryPage_ListAndRunDry()
    {
        var dry = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in ShellLines.Of(nameof(Benchmarks_OfEveryPage_ListAndRunDry)))
        {
            var listed = (await RunAsync($"{line} --list flat")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.All(listed, static name => Assert.Matches(@"^ToolGateway\.(Rego\.)?Benchmarks\.\w", name));
            var project = line.Split(" -- ")[0];
            if (!dry.Add(project))
                continue;
            var output = await RunAsync($"{project} -- --filter '{listed[0]}' -i --job dry --artifacts '{_folder}'");
            Assert.Matches("executed benchmarks: [1-9]", output);
            Assert.DoesNotContain("Benchmarks with issues", output, StringComparison.Ordinal);
        }

        Assert.Equal(2, dry.Count);
    }

    [Theory]
    [InlineData("bench/load/run.sh --trail x", "'--trail' is not an option")]
    [InlineData("bench/faults/run.sh --minutes", "'--minutes' is without its value")]
    [InlineData("bench/faults/run.sh --minutes many", "--minutes takes a number")]
    [InlineData("bench/faults/run.sh --only nothing --list", "there is no fault 'nothing'")]
    public async Task Options_Wrong_AreRefused(string line, string message)
    {
        var (code, output) = await Shell.RunAsync(line);

        Assert.Equal(2, code);
        Assert.Contains(message, output, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string line)
    {
        var (code, output) = await Shell.RunAsync(line);
        Assert.True(code == 0, $"{line}\nexits with {code}\n{output}");
        return output;
    }

    private static string[] Kept() => [.. Directory.EnumerateFiles(Repository.Path("bench/results")).Order(StringComparer.Ordinal).Select(static file => $"{file} {File.GetLastWriteTimeUtc(file):O}")];
}
