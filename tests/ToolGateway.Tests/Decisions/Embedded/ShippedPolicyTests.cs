using ToolGateway.Decisions.Embedded;
using ToolGateway.Rego;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;
using ToolGateway.Testing;

namespace ToolGateway.Tests.Decisions.Embedded;

public sealed class ShippedPolicyTests
{
    /// <summary>Every rule named test_ below policies/, so that a failing policy test is a failing test.</summary>
    public static TheoryData<string, string> PolicyTests()
    {
        var tests = new TheoryData<string, string>();
        foreach (var (path, content) in Files().Where(file => file.Path.EndsWith("_test.rego", StringComparison.Ordinal)))
        {
            var package = "";
            foreach (var line in System.Text.Encoding.UTF8.GetString(content.Span).Split('\n'))
            {
                if (line.StartsWith("package ", StringComparison.Ordinal))
                    package = line[8..].Trim();
                else if (line.StartsWith("test_", StringComparison.Ordinal))
                    tests.Add(path, $"data.{package}.{line.Split(' ', '[')[0]}");
            }
        }

        return tests;
    }

    private static RegoPolicy Policy { get; } = Compile();

    [Theory]
    [MemberData(nameof(PolicyTests))]
    public void PolicyTest_InTheEmbeddedEngine_Passes(string file, string rule)
    {
        var preparation = Policy.PrepareEntryPoint(rule);
        Assert.Empty(preparation.Errors);
        var result = preparation.Query!.Evaluate((RegoValue?)null, new RegoEvaluationOptions(RegoLimits.Tooling));
        Assert.True(result.Error is null, $"{file}: {result.Error}");
        if (result.Value is RegoObject cases)
            Assert.All(cases, pair => Assert.True(pair.Value is RegoBoolean { Value: true }, $"{file}: {rule}: {pair.Key}"));
        else
            Assert.True(result.Value is RegoBoolean { Value: true }, $"{file}: {rule}: {result.Value?.ToString() ?? "undefined"}");
    }

    private static RegoPolicy Compile()
    {
        var files = PolicyFiles.Read(Files(), "policies", problem => Assert.Fail(problem));
        var compilation = new RegoCompiler().Compile(files.Sources, files.Data);
        Assert.True(compilation.Errors.Count == 0, string.Join('\n', compilation.Errors.Select(error => SourceExcerpt.Format(error, files.Sources))));
        return compilation.Policy!;
    }

    private static IEnumerable<(string Path, ReadOnlyMemory<byte> Content)> Files()
    {
        var root = Repository.Path("policies");
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".md", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => (Path.GetRelativePath(root, file), (ReadOnlyMemory<byte>)File.ReadAllBytes(file)));
    }
}
