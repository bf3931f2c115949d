namespace ToolGateway.Decisions.Embedded;

/// <summary>A compiled policy with its prepared entry points. Immutable; shared by all calls of a snapshot.</summary>
internal sealed class EmbeddedPolicy
{
    public required string Revision { get; init; }
}
