using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Hosting;
using ToolGateway.Testing;

namespace ToolGateway.Tests.Decisions;

/// <summary>Policies for tests: the shipped one, and ones made of a few lines.</summary>
internal static class Policies
{
    public static EmbeddedPolicy Shipped { get; } = Load(Repository.Path("policies")).Policy!;

    /// <summary>A policy of one module; the files of more, as path and text.</summary>
    public static EmbeddedPolicy Of(string rego, params (string Path, string Text)[] more)
    {
        var (policy, errors) = TryOf(rego, more);
        Assert.True(policy is not null, string.Join('\n', errors));
        return policy!;
    }

    public static (EmbeddedPolicy? Policy, IReadOnlyList<string> Errors) TryOf(string rego, params (string Path, string Text)[] more)
    {
        var directory = Directory.CreateTempSubdirectory("toolgateway-policy-").FullName;
        try
        {
            foreach (var (path, text) in more.Prepend(("policy.rego", rego)))
            {
                var file = Path.Combine(directory, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }

            return Load(directory);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public static (EmbeddedPolicy? Policy, IReadOnlyList<string> Errors) Load(string directory, EmbeddedOptions? options = null, EmbeddedPolicy? previous = null)
    {
        options ??= new EmbeddedOptions { Timeout = TimeSpan.FromSeconds(5) };
        options.PolicyPath = directory;
        var errors = new ConfigurationErrors();
        var policy = EmbeddedPolicy.Load(options, new FileSet("/"), errors, previous);
        return (policy, [.. errors.Items.Select(error => error.ToString())]);
    }
}
