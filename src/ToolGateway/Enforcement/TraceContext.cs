using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace ToolGateway.Enforcement;

/// <summary>Trace context (W3C) of a call. It is set here with the other headers: the default propagator would pass the caller's baggage on as well.</summary>
internal static class TraceContext
{
    public static string? TraceIdOf(IHeaderDictionary headers)
    {
        if (Activity.Current is { } activity)
            return activity.TraceId.ToHexString();
        return headers.TraceParent is { Count: 1 } parent && ActivityContext.TryParse(parent, null, out var caller) ? caller.TraceId.ToHexString() : null;
    }

    /// <summary>The tool's span is a child of the gateway's, or of the caller's when nobody watches the gateway's.</summary>
    public static void Apply(IHeaderDictionary source, HttpRequestMessage request)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            Add(request, "traceparent", activity.Id);
            Add(request, "tracestate", activity.TraceStateString);
        }
        else if (source.TraceParent is { Count: 1 } parent && ActivityContext.TryParse(parent, null, out _))
        {
            Add(request, "traceparent", parent);
            Add(request, "tracestate", source.TraceState);
        }
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            request.Headers.TryAddWithoutValidation(name, value);
    }
}
