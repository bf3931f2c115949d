using System.CommandLine;
using Microsoft.Extensions.Logging.Console;
using ToolGateway.Audit;
using ToolGateway.Hosting;
using ToolGateway.Telemetry;

namespace ToolGateway.Host.Serve;

/// <summary><c>toolgateway serve</c></summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var config = ConfigOptions.File();
        var settings = ConfigOptions.Settings();
        var command = new Command("serve", "Run the gateway. Everything is validated before it listens.") { config, settings };
        command.SetAction(async (parse, cancellation) =>
        {
            if (!OtlpExport.ConnectsItself)
                EventLoop.GoOnWhereSocketsWait();
            var configuration = GatewayConfiguration.Read(parse.GetValue(config), parse.GetValue(settings) ?? []);
            if (ConfigErrors.Report(configuration))
                return ExitCodes.Configuration;
            var app = GatewayApplication.Build(configuration);
            await using (app.ConfigureAwait(false))
            {
                try
                {
                    await app.RunAsync(cancellation).ConfigureAwait(false);
                    return ExitCodes.Success;
                }
                catch (AuditStartException e)
                {
                    await parse.InvocationConfiguration.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
                    return ExitCodes.Configuration;
                }
            }
        });
        return command;
    }
}

/// <summary>Composes the web application that serves a configuration.</summary>
internal static class GatewayApplication
{
    public static WebApplication Build(GatewayConfiguration configuration, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "toolgateway" });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });

        // No call waits for whoever reads the console; how many lines were left out is said there.
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        var options = configuration.Snapshot.Options;
        if (OtlpExport.IsEnabled(options.Telemetry))
            OtlpExport.AddLogging(builder.Logging, options.Instance ?? Environment.MachineName);
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);

        // YARP brings it for affinity to destinations, which there is not here: nothing is ever sealed with these keys, wherever they are.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddRoutingCore();
        builder.Services.AddToolGateway(configuration);
        builder.Services.AddHostedService<SystemdNotifier>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapToolGateway();
        return app;
    }
}
