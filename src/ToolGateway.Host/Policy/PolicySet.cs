using System.Text;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Rego;
using ToolGateway.Rego.Bundles;

namespace ToolGateway.Host.Policy;

/// <summary>Policies read from the paths of a command line, tests included.</summary>
internal sealed record PolicySet(PolicyFiles Files, RegoPolicy? Policy, IReadOnlyList<RegoError> Errors, IReadOnlyList<string> Problems)
{
    public bool IsSound => Errors.Count == 0 && Problems.Count == 0;

    public static PolicySet Read(IEnumerable<string> paths, RegoCompilerOptions? options = null)
    {
        var problems = new List<string>();
        var read = paths.Select(path => PolicyBundle.IsBundle(path) && File.Exists(path) ? FilesOfBundle(path, problems) : (Files: FilesOf(path, problems), RegoVersion: PolicyFiles.DefaultRegoVersion)).ToList();
        var files = PolicyFiles.Read(read.SelectMany(part => part.Files), problems.Add);

        // A module that imports rego.v1 is read as version 1 beside an older bundle too.
        var version = read.Select(part => part.RegoVersion).DefaultIfEmpty(PolicyFiles.DefaultRegoVersion).Min();
        var compilation = new RegoCompiler((options ?? RegoCompilerOptions.Default) with { RegoVersion = version }).Compile(files.Sources, files.Data);
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

    /// <summary>Who holds the file on a command line decides about it: signatures are the gateway's concern.</summary>
    private static (IEnumerable<PolicyFile> Files, int RegoVersion) FilesOfBundle(string path, List<string> problems)
    {
        var reading = RegoBundle.Read(File.ReadAllBytes(path), new RegoBundleOptions { AllowUnsigned = true });
        problems.AddRange(reading.Errors.Select(error => $"{path}: {error.Message}"));
        if (reading.Bundle is not { } bundle)
            return ([], PolicyFiles.DefaultRegoVersion);
        var modules = bundle.Modules.Select(module => new PolicyFile($"{path}/{module.File}", "", Encoding.UTF8.GetBytes(module.Text)));
        return (modules.Append(new PolicyFile($"{path}/data.json", "", Encoding.UTF8.GetBytes(bundle.Data.ToJson()))), bundle.RegoVersion);
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

        problems.Add($"{path} does not exist; give a directory or file with Rego or data, or a bundle");
        return [];
    }
}
