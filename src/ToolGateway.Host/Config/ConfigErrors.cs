using ToolGateway.Hosting;

namespace ToolGateway.Host;

/// <summary>Prints what is wrong with a configuration.</summary>
internal static class ConfigErrors
{
    /// <summary>True when there were errors, which are then on standard error.</summary>
    public static bool Report(GatewayConfiguration configuration)
    {
        if (configuration.Errors.Count == 0)
            return false;
        Console.Error.WriteLine(configuration.Errors.Count == 1 ? "The configuration has 1 error:" : $"The configuration has {configuration.Errors.Count} errors:");
        foreach (var error in configuration.Errors)
            Console.Error.WriteLine($"  {error}");
        return true;
    }
}
