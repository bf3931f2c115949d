using System.CommandLine;

namespace ToolGateway.Host.Policy;

/// <summary>Options that several commands share.</summary>
internal static class PolicyOptions
{
    public static Argument<string[]> Paths() => new("PATH")
    {
        Description = "Directories, bundles (*.tar.gz; signatures are not verified here) or files with Rego and data. In a directory, data.json and data.yaml are at their path.",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<string[]> Data() => new("--data", "-d") { Description = "Directory, bundle or file with Rego and data; may be repeated" };

    public static Option<string?> Input() => new("--input", "-i") { Description = "File with the input as JSON; - for standard input" };

    public static Option<string> Format(params string[] names)
    {
        var format = new Option<string>("--format", "-f") { Description = string.Join(", ", names), DefaultValueFactory = _ => names[0] };
        format.AcceptOnlyFromAmong(names);
        return format;
    }
}
