namespace ToolGateway.Rego.Limits;

/// <summary>Ends an evaluation at once: a limit, the deadline or a cancellation. It never leaves the library; callers see a <see cref="RegoError"/>.</summary>
internal sealed class RegoHaltException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    /// <summary>Where in the policy, when one expression is to blame.</summary>
    public Text.SourceLocation? Location { get; init; }
}
