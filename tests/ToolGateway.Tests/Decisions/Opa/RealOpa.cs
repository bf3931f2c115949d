using System.Diagnostics;
using ToolGateway.Testing;

namespace ToolGateway.Tests.Decisions.Opa;

/// <summary>A real OPA with the project's policies, on TCP or a unix socket.</summary>
internal sealed class RealOpa : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _directory;

    private RealOpa(Process process, string address, string directory)
    {
        _process = process;
        Address = address;
        _directory = directory;
    }

    public static string? Binary { get; } = Find();

    public string Address { get; }

    /// <param name="transport"><c>tcp</c>, <c>unix</c> or <c>h2c</c>.</param>
    public static RealOpa Start(string transport)
    {
        var directory = Directory.CreateTempSubdirectory("toolgateway-opa-").FullName;
        var address = transport == "unix" ? $"unix://{directory}/opa.sock" : $"http://127.0.0.1:{GatewayFixture.FreePort()}";
        var start = new ProcessStartInfo(Binary!)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            ArgumentList = { "run", "--server", "--log-level", "error", "--addr", transport == "unix" ? address : address["http://".Length..] },
        };
        if (transport == "h2c")
            start.ArgumentList.Add("--h2c");
        start.ArgumentList.Add("--bundle");
        start.ArgumentList.Add(Bundle(directory));
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return new RealOpa(process, address, directory);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>The shipped policies with a revision, as a bundle directory.</summary>
    private static string Bundle(string directory)
    {
        var target = Path.Combine(directory, "bundle");
        var source = Repository.Path("policies");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("_test.rego", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        File.WriteAllText(Path.Combine(target, ".manifest"), """{"revision":"real-1"}""");
        return target;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("OPA_BIN") is { Length: > 0 } configured)
            return configured;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "opa")).FirstOrDefault(File.Exists);
    }
}
