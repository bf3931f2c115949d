namespace ToolGateway.ToolCalls;

/// <summary>Finds the action for a method and path among a tool's templates; a literal segment beats a parameter.</summary>
internal sealed class ActionRoutes
{
    public static ActionRoutes Empty { get; } = new();
}
