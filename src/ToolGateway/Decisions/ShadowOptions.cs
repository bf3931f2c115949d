namespace ToolGateway.Decisions;

/// <summary>A candidate policy that is asked what it would decide, beside the one that decides.</summary>
public sealed class ShadowOptions
{
    /// <summary><c>Embedded</c> or <c>Opa</c>; absent: there is no candidate.</summary>
    public string? Engine { get; set; }

    /// <summary>A candidate in this process: directory, file or bundle, and what one evaluation may use.</summary>
    public EmbeddedOptions Embedded { get; set; } = new() { PolicyPath = null };

    /// <summary>A candidate in a second OPA.</summary>
    public OpaOptions Opa { get; set; } = new();

    /// <summary>Most decisions that wait to be compared; what comes beyond is counted and left out.</summary>
    public int QueueLimit { get; set; } = 1000;
}
