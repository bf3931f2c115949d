using ToolGateway.Decisions.Embedded;
using ToolGateway.Rego;

namespace ToolGateway.Host.Policy;

/// <summary>Policies read from the paths of a command line, tests included.</summary>
internal sealed record PolicySet(PolicyFiles Files, RegoPolicy? Policy, IReadOnlyList<RegoError> Errors, IReadOnlyList<string> Problems)
{
    public bool IsSound => Errors.Count == 0 && Problems.Count == 0;

    public static PolicySet Read(IEnumerable<string> paths, RegoCompilerOptions? options = null)
    {
        var problems = new List<string>();
        var files = PolicyFiles.Read(paths.SelectMany(path => FilesOf(path, problems)), problems.Add);
        var compilation = new RegoCompiler(options).Compile(files.Sources, files.Data);
        return new PolicySet(files, compilation.Policy, compilation.Errors, problems);
    }

    /// <summary>Writes every error with its source line and a caret. False when there are some.</summary>
    public bool Report(TextWriter error)
    {
        foreach (var problem in Problems)
            error.WriteLine(problem);
        foreach (var item in Errors)
            error.WriteLine(SourceExcerpt.Format(item, Files.Sources));
        if (!IsSound)
            error.WriteLine($"{Problems.Count + Errors.Count} error(s)");
        return IsSound;
    }

    private static IEnumerable<PolicyFile> FilesOf(string path, List<string> problems)
    {
        if (File.Exists(path))
            return [new PolicyFile(path, "", File.ReadAllBytes(path))];
        if (Directory.Exists(path))
        {
            return Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Where(file => file.EndsWith(".rego", StringComparison.Ordinal) || PolicyFiles.IsData(file))
                .Select(file => new PolicyFile(file, Path.GetDirectoryName(Path.GetRelativePath(path, file)) ?? "", File.ReadAllBytes(file)));
        }

        problems.Add($"{path} does not exist; give a directory or file with Rego or data");
        return [];
    }
}
