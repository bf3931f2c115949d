using ToolGateway.Decisions.Shadow;

namespace ToolGateway.Hosting;

/// <summary>A configuration that was read and validated together with every file it names.</summary>
public sealed class GatewayConfiguration
{
    private GatewayConfiguration(string baseDirectory, SnapshotBuilder builder, SnapshotReading reading)
    {
        BaseDirectory = baseDirectory;
        Builder = builder;
        Reading = reading;
    }

    /// <summary>Everything that is wrong, each with key, value and repair; empty when the configuration can be served.</summary>
    public IReadOnlyList<string> Errors => [.. Reading.Errors.Select(error => error.ToString())];

    /// <summary>Where relative paths of the configuration begin.</summary>
    internal string BaseDirectory { get; }

    internal SnapshotBuilder Builder { get; }

    internal SnapshotReading Reading { get; }

    /// <summary>The valid configuration; only where <see cref="Errors"/> is empty.</summary>
    internal GatewaySnapshot Snapshot => Reading.Snapshot ?? throw new InvalidOperationException("the configuration has errors");

    /// <summary>Reads what the configuration can be served without (a candidate policy, the bundle kept of a bundle service), and says what is wrong with it.</summary>
    public IReadOnlyList<string> FindWarnings()
    {
        if (Reading.Snapshot is not { } snapshot)
            return [];
        var candidate = CandidateReader.FindProblems(snapshot.Options.Decisions.Shadow, BaseDirectory);
        return snapshot.PolicyProblem is { } problem
            ? [$"{ToolGatewayOptions.Section}:Decisions:Embedded:Bundle: {problem}; serve blocks calls until the bundle service delivers", .. candidate]
            : candidate;
    }

    /// <summary>Reads a configuration without listening.</summary>
    /// <param name="file">Path of the JSON file; null: environment and arguments alone.</param>
    /// <param name="arguments">Settings in .NET's command-line form, such as <c>--ToolGateway:PublicUrl=https://…</c>.</param>
    public static GatewayConfiguration Read(string? file, params string[] arguments)
    {
        var source = new ConfigurationSource(file, arguments);
        var builder = new SnapshotBuilder(source);
        return new GatewayConfiguration(source.BaseDirectory, builder, builder.Read(previous: null));
    }
}
