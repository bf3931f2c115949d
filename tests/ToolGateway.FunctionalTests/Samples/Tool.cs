using System.Diagnostics;

namespace ToolGateway.FunctionalTests.Samples;

/// <summary>Programs that a machine may have, run with arguments.</summary>
internal static class Tool
{
    public static bool Exists(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));

    public static Process Start(string name, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;

    /// <summary>Exit code, and everything the program said.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string input, string name, params string[] arguments)
    {
        using var process = Start(name, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var said = await output + await error;
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }
}

/// <summary>A test that needs a program, reported as skipped where the program is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string name)
    {
        Name = name;
        Skip = Tool.Exists(name) ? null : $"no {name} on the PATH";
    }

    public string Name { get; }
}
