using System.CommandLine;

namespace ToolGateway.Host;

/// <summary>Options that say where a configuration comes from.</summary>
internal static class ConfigOptions
{
    public static Option<string?> File() => new("--config", "-c")
    {
        Description = "JSON file with the section ToolGateway. Default: appsettings.json here, if there is one.",
        DefaultValueFactory = _ => System.IO.File.Exists("appsettings.json") ? "appsettings.json" : null,
    };

    public static Argument<string[]> Settings() => new("settings")
    {
        Description = "Settings that override the file, such as ToolGateway:PublicUrl=https://gateway.example.com",
        Arity = ArgumentArity.ZeroOrMore,
    };
}
