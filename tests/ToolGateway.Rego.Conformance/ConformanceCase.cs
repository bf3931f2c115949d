using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Conformance;

/// <summary>One case of a file, in the format of OPA's own suite.</summary>
public sealed record ConformanceCase(string File, string Folder, string Note)
{
    public IReadOnlyList<string> Modules { get; init; } = [];

    public string Query { get; init; } = "";

    public RegoObject Data { get; init; } = RegoObject.Empty;

    public RegoValue? Input { get; init; }

    public string? InputTerm { get; init; }

    /// <summary>Wanted bindings, or null when the case does not say.</summary>
    public IReadOnlyList<RegoValue>? WantResult { get; init; }

    public bool? WantDefined { get; init; }

    public string? WantErrorCode { get; init; }

    public string? WantError { get; init; }

    public bool SortBindings { get; init; }

    public bool StrictError { get; init; }

    public bool IgnoreGeneratedVars { get; init; }

    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    public bool WantsError => WantError is not null || WantErrorCode is not null;
}
