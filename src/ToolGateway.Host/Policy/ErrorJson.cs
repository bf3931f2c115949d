using ToolGateway.Rego;
using ToolGateway.Rego.Values;

namespace ToolGateway.Host.Policy;

/// <summary>Errors as OPA's tools write them.</summary>
internal static class ErrorJson
{
    public static RegoObject Of(IEnumerable<RegoError> errors, IEnumerable<string> problems)
    {
        RegoValue[] items = [.. problems.Select(problem => One("io_error", problem, null)), .. errors.Select(error => One(error.Code, error.Message, error.Location))];
        return items.Length == 0 ? RegoObject.Empty : JsonObject.Of(("errors", RegoArray.Of(items)));
    }

    public static RegoObject Location(Rego.Text.SourceLocation place) => JsonObject.Of(
        ("file", JsonObject.Text(place.File)),
        ("row", RegoNumber.Of(place.Row)),
        ("col", RegoNumber.Of(place.Column)));

    private static RegoObject One(string code, string message, Rego.Text.SourceLocation? place) => place is null
        ? JsonObject.Of(("message", JsonObject.Text(message)), ("code", JsonObject.Text(code)))
        : JsonObject.Of(("message", JsonObject.Text(message)), ("code", JsonObject.Text(code)), ("location", Location(place)));
}
