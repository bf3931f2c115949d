using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ToolGateway.Hosting;

namespace ToolGateway.Telemetry;

/// <summary>
/// What the server's span of a call says, in OpenTelemetry's names. It comes from the catalogue and from closed lists: <c>url.path</c> and <c>url.query</c> stay out,
/// because their parts are arguments of the call.
/// </summary>
internal static class ServerSpan
{
    private const string OtherMethod = "_OTHER";

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"];

    public static void Describe(HttpContext context, GatewayCall call, string ended)
    {
        if (!GatewayActivities.Source.HasListeners() || context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } activity)
            return;
        var method = Array.Find(Methods, known => known == context.Request.Method) ?? OtherMethod;
        var route = Route(call);
        activity.DisplayName = Name(call, method, route);
        activity.SetTag("http.request.method", method);
        activity.SetTag("http.route", route);
        activity.SetTag("url.scheme", context.Request.Scheme);
        activity.SetTag("http.response.status_code", context.Response.StatusCode);
        activity.SetTag("toolgateway.tool", call.Tool?.Name ?? TelemetryNames.Other);
        activity.SetTag("toolgateway.action", GatewayMetrics.ActionTag(call));
        activity.SetTag("toolgateway.outcome", ended);
        if (call.Call?.Mcp is { } mcp)
            DescribeMcp(activity, call, mcp.Method);
        if (call.Reason is not null)
            activity.SetTag("error.type", call.Reason);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            activity.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Probes and scrapes come every few seconds and are no calls.</summary>
    public static void Suppress(HttpContext context)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { } activity)
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    /// <summary>Says on the span of the tool's call what came back.</summary>
    public static void DescribeUpstream(Activity? activity, GatewayCall call)
    {
        if (activity is null)
            return;
        activity.SetTag("toolgateway.tool", call.Tool!.Name);
        if (call.UpstreamStatus is { } status)
            activity.SetTag("http.response.status_code", status);
        if (call.UpstreamStatus is null or >= StatusCodes.Status400BadRequest)
            activity.SetStatus(ActivityStatusCode.Error).SetTag("error.type", call.UpstreamStatus?.ToString(CultureInfo.InvariantCulture) ?? "no_answer");
    }

    private static void DescribeMcp(Activity activity, GatewayCall call, string method)
    {
        activity.SetTag("mcp.method.name", method);
        if (method != "tools/call")
            return;
        activity.SetTag("gen_ai.operation.name", "execute_tool");
        activity.SetTag("gen_ai.tool.name", GatewayMetrics.ActionTag(call));
    }

    private static string Name(GatewayCall call, string method, string? route)
    {
        if (call.Call?.Mcp is { } mcp)
            return mcp.Method == "tools/call" ? $"{mcp.Method} {GatewayMetrics.ActionTag(call)}" : mcp.Method;
        var verb = method == OtherMethod ? "HTTP" : method;
        return route is null ? verb : $"{verb} {route}";
    }

    private static string? Route(GatewayCall call)
    {
        if (call.Tool is not { } tool)
            return null;
        var template = call.Call is { } classified && tool.Actions.TryGetValue(classified.Action, out var action) ? action.Template : null;
        return template is null && !tool.IsMcp ? $"/tools/{tool.Name}/{{**path}}" : $"/tools/{tool.Name}{template}";
    }
}
