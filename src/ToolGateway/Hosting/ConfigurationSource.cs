using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace ToolGateway.Hosting;

/// <summary>
/// Where the configuration comes from: one JSON file, then environment variables, then command-line settings. It is read anew for each reading; a file that
/// does not parse is an error and never an empty configuration.
/// </summary>
/// <param name="file">Path of the JSON file, or null for none.</param>
/// <param name="arguments">Settings such as <c>--ToolGateway:PublicUrl=https://…</c>.</param>
internal sealed class ConfigurationSource(string? file, string[] arguments)
{
    public string BaseDirectory { get; } = file is null ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(file))!;

    public string? File { get; } = file is null ? null : Path.GetFullPath(file);

    /// <summary>Reads the configuration, or null with the errors noted.</summary>
    public IConfigurationRoot? Read(FileSet files, ConfigurationErrors errors)
    {
        var builder = new ConfigurationBuilder();
        if (File is not null)
        {
            if (files.Read(File, "(file)", errors) is not { } content)
                return null;
            builder.Add(new IndexedJsonSource { Stream = new MemoryStream(content.ToArray()) });
        }

        try
        {
            return builder.AddEnvironmentVariables().AddCommandLine(arguments).Build();
        }
        catch (JsonException e)
        {
            errors.AddFile($"{File}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}", $"not valid JSON: {JsonProblem.Of(e)}");
        }
        catch (FormatException e)
        {
            // Two keys that differ only in case, or an argument that is no key=value.
            errors.AddFile(File ?? "(arguments)", e.Message);
        }

        return null;
    }
}
