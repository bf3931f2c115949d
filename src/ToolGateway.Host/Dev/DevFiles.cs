using System.Text.Json;

namespace ToolGateway.Host.Dev;

/// <summary>Writes the files of the dev commands; only the owner may read a key.</summary>
internal static class DevFiles
{
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    public static string Write(string directory, string name, string text)
    {
        var path = Path.Combine(directory, name);
        Directory.CreateDirectory(directory);

        // Written beside and moved into place: a running gateway never reads half a file.
        var temporary = path + ".new";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
        return path;
    }

    public static string WriteKey(string directory, string name, string pem)
    {
        var path = Path.Combine(directory, name);
        Directory.CreateDirectory(directory);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var writer = new StreamWriter(temporary, options))
            writer.Write(pem);
        File.Move(temporary, path, overwrite: true);
        return path;
    }
}
