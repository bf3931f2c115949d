using System.CommandLine;

namespace ToolGateway.Host.Dev;

/// <summary><c>toolgateway dev</c>: certificates and tokens for trying things out.</summary>
internal static class DevCommands
{
    public static Command Create() => new("dev", "Makes certificates and tokens for trying the gateway out. Not for production: the keys are plain files.")
    {
        DevCertsCommand.Create(),
        DevTokenCommand.Create(),
    };

    /// <summary>The option <c>--format text|json</c>.</summary>
    internal static Option<string> Format()
    {
        var option = new Option<string>("--format") { Description = "How the result is printed", DefaultValueFactory = _ => "text" };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }

    /// <summary>The option <c>--lifetime</c>.</summary>
    internal static Option<TimeSpan> Lifetime(string what, TimeSpan standard)
    {
        var option = new Option<TimeSpan>("--lifetime") { Description = $"{what}, as [days.]hours:minutes:seconds", DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && TimeSpan.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out var value) && value <= TimeSpan.Zero)
                result.AddError($"--lifetime {value} is not positive; write for example 00:15:00.");
        });
        return option;
    }
}
