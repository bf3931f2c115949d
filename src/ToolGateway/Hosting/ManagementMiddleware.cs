using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Telemetry;

namespace ToolGateway.Hosting;

/// <summary>Serves probes and administration on their own listeners; anything else on those listeners is 404, and calls pass through.</summary>
internal sealed class ManagementMiddleware(RequestDelegate next, HealthChecks health, PrometheusExporter metrics, SnapshotHolder snapshots, ShadowDecisions shadow)
{
    public Task InvokeAsync(HttpContext context)
    {
        var role = ListenerFeature.RoleOf(context);
        if (role == ListenerRole.Calls)
            return next(context);
        ServerSpan.Suppress(context);
        return role switch
        {
            ListenerRole.Probes => ServeProbeAsync(context),
            ListenerRole.Administration => ServeAdministrationAsync(context),
            _ => NotFound(context),
        };
    }

    private Task ServeProbeAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/livez" => context.Response.WriteAsync("ok\n", context.RequestAborted),
        "/readyz" => ReadyAsync(context),
        "/metrics" => MetricsAsync(context),
        _ => NotFound(context),
    };

    private Task ServeAdministrationAsync(HttpContext context)
    {
        if (!AdministratorRule.Allows(context, snapshots.Current))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return context.Request.Path.Value switch
        {
            "/version" => JsonAsync(context, JsonSerializer.Serialize(new { version = typeof(ManagementMiddleware).Assembly.GetName().Version?.ToString(3), runtime = Environment.Version.ToString(), event_loops = EventLoop.Count })),
            "/configuration" => JsonAsync(context, EffectiveConfiguration.Write(snapshots.Current)),
            "/shadow" => shadow.Report() is { } report ? JsonAsync(context, JsonSerializer.Serialize(report, ShadowReport.Json)) : NotFound(context),
            _ => ServeProbeAsync(context),
        };
    }

    private static Task JsonAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json + "\n", context.RequestAborted);
    }

    private Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(metrics.Write(), context.RequestAborted);
    }

    private async Task ReadyAsync(HttpContext context)
    {
        var results = health.Run().ToArray();
        var ready = Array.TrueForAll(results, result => result.Result.State != HealthState.Failing);
        context.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        var writer = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("status", !ready ? "failing" : Array.Exists(results, result => result.Result.State == HealthState.Degraded) ? "degraded" : "ok");
            writer.WriteStartObject("checks");
            foreach (var (name, result) in results)
            {
                writer.WriteStartObject(name);
                writer.WriteString("status", result.State.ToString().ToLowerInvariant());
                if (result.Detail is not null)
                    writer.WriteString("detail", result.Detail);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
