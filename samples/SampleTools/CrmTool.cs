using System.Text.Json.Nodes;

namespace ToolGateway.Samples;

/// <summary>A small customer database over HTTP. It trusts whoever has its secret, as many internal tools do: the gateway stands before it.</summary>
public static class CrmTool
{
    /// <summary>Serves the tool; calls without <paramref name="secret"/> as bearer token get 401.</summary>
    public static void MapCrmTool(this WebApplication app, string? secret = null)
    {
        app.Use((context, next) =>
        {
            if (secret is null || context.Request.Headers.Authorization == $"Bearer {secret}")
                return next(context);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        app.MapGet("/customers", () => Results.Json(new { customers = new[] { Customer("42"), Customer("43") } }));
        app.MapGet("/customers/{id}", (string id) => Results.Json(Customer(id)));
        app.MapPost("/refunds", (JsonNode refund) => Results.Json(new { status = "paid", order = refund["order"]?.ToString(), amount = refund["amount"] }));
    }

    private static object Customer(string id) =>
        new { id, name = id == "42" ? "Ada Lovelace" : "Grace Hopper", ssn = "078-05-1120", card = new { number = "4111 1111 1111 1111", expires = "12/30" } };
}
