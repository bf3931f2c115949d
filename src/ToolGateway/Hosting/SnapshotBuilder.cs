using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Decisions.Embedded.Bundles;
using ToolGateway.Identity;
using ToolGateway.ToolCalls.Catalogue;

namespace ToolGateway.Hosting;

/// <summary>Builds a snapshot from one reading of the configuration and everything it names.</summary>
internal sealed class SnapshotBuilder(ConfigurationSource source)
{
    /// <summary>Most readings that may disagree before the set counts as unreadable.</summary>
    private const int MaxReadings = 5;

    /// <summary>Reads until two readings agree. The result holds a snapshot, or errors.</summary>
    public SnapshotReading Read(GatewaySnapshot? previous)
    {
        for (var attempt = 1; ; attempt++)
        {
            var reading = ReadOnce(previous);
            if (reading.Files.IsUnchanged())
                return reading;
            if (attempt == MaxReadings)
            {
                var errors = new ConfigurationErrors();
                errors.Add("(files)", null, "the files keep changing while they are read; write them once and leave them alone");
                return new SnapshotReading(null, errors.Items, reading.Files);
            }
        }
    }

    private SnapshotReading ReadOnce(GatewaySnapshot? previous)
    {
        var files = new FileSet(source.BaseDirectory);
        var errors = new ConfigurationErrors();
        GatewaySnapshot? snapshot = null;
        if (source.Read(files, errors) is { } configuration && OptionsReader.Read(configuration, errors) is { } options)
            snapshot = Build(configuration, options, files, errors, previous);
        return new SnapshotReading(errors.Any ? null : snapshot, errors.Items, files);
    }

    private static GatewaySnapshot? Build(
        IConfigurationRoot configuration, ToolGatewayOptions options, FileSet files, ConfigurationErrors errors, GatewaySnapshot? previous)
    {
        GeneralValidator.Validate(options, files, errors);
        var agents = AgentRegistry.Build(options.Agents, errors);
        var catalogue = CatalogueBuilder.Build(options, YarpClusters.Read(configuration, errors), files, errors);
        // The engine that decides changes with a restart only, and needs its policy until then.
        var (policy, problem) = UsesEmbedded(options.Decisions) ? LoadPolicy(options.Decisions.Embedded, files, errors, previous?.Policy) : (previous?.Policy, null);
        return new GatewaySnapshot
        {
            Options = options,
            ConfigurationRevision = Revision(configuration, files),
            AgentsByIdentity = agents.ByIdentity,
            AgentsByName = agents.ByName,
            Tools = catalogue.Tools,
            Trust = TrustMaterial.Load(options.Identity, options.PublicUrl, files, errors, previous?.Trust),
            // A listener that is open needs one until the restart that gives it another address.
            Certificate = ServerCertificate.Read(options.Listen, files, errors) ?? previous?.Certificate,
            Policy = policy,
            PolicyProblem = problem,
            Clusters = catalogue.Clusters,
            PartRevisions = SnapshotChanges.Revisions(options, files, policy?.Revision),
        };
    }

    private static (EmbeddedPolicy? Policy, string? Problem) LoadPolicy(EmbeddedOptions options, FileSet files, ConfigurationErrors errors, EmbeddedPolicy? previous) =>
        options.Bundle.Url is null ? (EmbeddedPolicy.Load(options, files, errors, previous), null) : PersistedPolicy.Load(options, files, errors, previous);

    internal static bool UsesEmbedded(DecisionOptions decisions) => decisions.Engine == "Embedded" || decisions.Opa.WhenUnavailable == "Embedded";

    private static string Revision(IConfigurationRoot configuration, FileSet files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, value) in configuration.GetSection(ToolGatewayOptions.Section).AsEnumerable().OrderBy(pair => pair.Key, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{key}\0{value}\n"));
        hash.AppendData(Encoding.UTF8.GetBytes(files.Digest(static path => !path.EndsWith(".rego", StringComparison.Ordinal))));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}

/// <summary>What one reading gave.</summary>
internal sealed record SnapshotReading(GatewaySnapshot? Snapshot, IReadOnlyList<ConfigurationError> Errors, FileSet Files);
