using System.Diagnostics;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Documentation;

/// <summary>
/// Runs lines of pages as they stand, in a shell whose <c>dotnet build</c> has nothing to do and whose <c>dotnet run</c> starts what was built with the tests: building
/// inside of a test takes long, and gets in the way of other builds.
/// </summary>
internal static class Shell
{
    private const string Dotnet = """
        #!/usr/bin/env bash
        case $1 in
        build) exit 0 ;;
        run)
          while [ "$1" != -- ]; do [ "$1" = --project ] && project=$REPOSITORY/$2; shift; done
          shift
          name=$(sed -n 's:.*<AssemblyName>\(.*\)</AssemblyName>.*:\1:p' "$project"/*.csproj)
          exec "$DOTNET" "$project/bin/$BUILD/${name:-$(basename "$project")}.dll" "$@" ;;
        *) exec "$DOTNET" "${@/\/bin\/Release\/net10.0\///bin/$BUILD/}" ;;
        esac
        """;

    public static async Task<(int Code, string Output)> RunAsync(string script, string? directory = null, TimeSpan? limit = null)
    {
        var programs = Directory.CreateTempSubdirectory("toolgateway-shell-");
        try
        {
            var dotnet = Path.Combine(programs.FullName, "dotnet");
            await File.WriteAllTextAsync(dotnet, Dotnet);
            var start = new ProcessStartInfo("bash", ["-c", $"chmod +x '{dotnet}'\n{script}"]) { WorkingDirectory = directory ?? Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
            start.Environment["PATH"] = $"{programs.FullName}:{start.Environment["PATH"]}";
            start.Environment["DOTNET"] = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
            start.Environment["REPOSITORY"] = Repository.Root;

            // Such as Release/net10.0.
            start.Environment["BUILD"] = string.Join('/', AppContext.BaseDirectory.TrimEnd('/').Split('/')[^2..]);
            return await FinishAsync(start, limit ?? TimeSpan.FromMinutes(3));
        }
        finally
        {
            programs.Delete(recursive: true);
        }
    }

    private static async Task<(int Code, string Output)> FinishAsync(ProcessStartInfo start, TimeSpan limit)
    {
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(timeout.Token);
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, output + await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
