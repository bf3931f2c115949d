using System.CommandLine;
using System.Text.Json;
using ToolGateway.Hosting;

namespace ToolGateway.Host;

/// <summary><c>toolgateway config …</c></summary>
internal static class ConfigCommands
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create() => new("config", "Check a configuration and describe its form.") { Check(), Schema() };

    private static Command Check()
    {
        var config = ConfigOptions.File();
        var settings = ConfigOptions.Settings();
        var format = new Option<string>("--format") { Description = "text or json", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "json");
        var command = new Command("check", "Validate a configuration and every file it names, as serve does, without listening.") { config, settings, format };
        command.SetAction(parse =>
        {
            var configuration = GatewayConfiguration.Read(parse.GetValue(config), parse.GetValue(settings) ?? []);
            var warnings = configuration.FindWarnings();
            if (parse.GetValue(format) == "json")
            {
                Console.WriteLine(JsonSerializer.Serialize(new { valid = configuration.Errors.Count == 0, errors = configuration.Errors, warnings }));
                return configuration.Errors.Count == 0 ? ExitCodes.Success : ExitCodes.Configuration;
            }

            if (ConfigErrors.Report(configuration))
                return ExitCodes.Configuration;
            foreach (var warning in warnings)
                Console.Error.WriteLine($"Served without: {warning}");
            Console.WriteLine("The configuration is valid.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Schema()
    {
        var command = new Command("schema", "Print the JSON schema of the configuration, for editors and reviews.");
        command.SetAction(_ => Console.WriteLine(ConfigurationSchema.Create().ToJsonString(Indented)));
        return command;
    }
}
