using ToolGateway.Decisions.Embedded;
using ToolGateway.Decisions.Opa;
using ToolGateway.Hosting;

namespace ToolGateway.Decisions.Shadow;

/// <summary>Reads the candidate that the options name.</summary>
internal static class CandidateReader
{
    private const string Section = "Decisions:Shadow";

    /// <summary>Most readings that may disagree before the files count as unreadable.</summary>
    private const int MaxReadings = 5;

    /// <summary>What is wrong with the section itself: an error of the configuration, unlike what is wrong with the candidate's own files.</summary>
    public static void Validate(ShadowOptions options, FileSet files, ConfigurationErrors errors)
    {
        if (options.QueueLimit <= 0)
            errors.Add($"{Section}:{nameof(options.QueueLimit)}", $"{options.QueueLimit}", "write a number above zero");
        switch (options.Engine)
        {
            case null or "":
                break;
            case "Embedded":
                if (string.IsNullOrEmpty(options.Embedded.PolicyPath))
                    errors.Add($"{Section}:Embedded:PolicyPath", null, "missing; give the directory or bundle that holds the candidate");
                if ((options.Embedded.Bundle.Url ?? options.Embedded.Bundle.PersistPath) is { } kept)
                    errors.Add($"{Section}:Embedded:Bundle", kept, "a candidate is read from a file and not kept; let PolicyPath name the bundle, or ask a second OPA that downloads it");
                break;
            case "Opa":
                ValidateOpa(options.Opa, files, errors);
                break;
            default:
                errors.Add($"{Section}:{nameof(options.Engine)}", options.Engine, "write Embedded or Opa, or leave it out");
                break;
        }
    }

    /// <summary>The candidate, or null with what is wrong with it. Files are read until two readings agree.</summary>
    public static (ICandidate? Candidate, FileSet Files, IReadOnlyList<ConfigurationError> Errors) Read(
        ShadowOptions options, string baseDirectory, TimeProvider clock, ICandidate? previous)
    {
        for (var attempt = 1; ; attempt++)
        {
            var files = new FileSet(baseDirectory);
            var errors = new ConfigurationErrors();
            ICandidate? candidate = options.Engine == "Opa" ? new OpaCandidate(options.Opa, files.FullPath, clock) : ReadEmbedded(options.Embedded, files, errors, previous);
            if (files.IsUnchanged())
            {
                files.ReleaseContents();
                return (candidate, files, Moved(errors, "Decisions:Embedded"));
            }

            candidate?.Dispose();
            if (attempt < MaxReadings)
                continue;
            errors = new ConfigurationErrors();
            errors.Add(Section, null, "the candidate's files keep changing while they are read; write them once and leave them alone");
            return (null, files, errors.Items);
        }
    }

    /// <summary>What is wrong with the candidate's files, without keeping it.</summary>
    public static IReadOnlyList<string> FindProblems(ShadowOptions options, string baseDirectory)
    {
        if (options.Engine != "Embedded")
            return [];
        var (candidate, _, errors) = Read(options, baseDirectory, TimeProvider.System, previous: null);
        candidate?.Dispose();
        return [.. errors.Select(error => error.ToString())];
    }

    private static EmbeddedCandidate? ReadEmbedded(EmbeddedOptions options, FileSet files, ConfigurationErrors errors, ICandidate? previous) =>
        EmbeddedPolicy.Load(options, files, errors, (previous as EmbeddedCandidate)?.Policy) is { } policy ? new EmbeddedCandidate(policy) : null;

    private static void ValidateOpa(OpaOptions options, FileSet files, ConfigurationErrors errors)
    {
        if (string.IsNullOrWhiteSpace(options.Address))
        {
            errors.Add($"{Section}:Opa:Address", null, "missing; write http://127.0.0.1:8182 or unix:///path/opa.sock");
            return;
        }

        if (options.WhenUnavailable != "Deny")
            errors.Add($"{Section}:Opa:WhenUnavailable", options.WhenUnavailable, "nothing stands in for a candidate; leave it out");
        var found = new ConfigurationErrors();
        OpaOptionsValidator.Validate(options, files, found);
        foreach (var error in Moved(found, "Decisions:Opa"))
            errors.Add(error);
    }

    /// <summary>Errors of options that stand in this section instead of where they usually do.</summary>
    private static IReadOnlyList<ConfigurationError> Moved(ConfigurationErrors errors, string from)
    {
        var to = from.Replace("Decisions", Section, StringComparison.Ordinal);
        return [.. errors.Items.Select(error => error with
        {
            Key = error.Key.Replace(from, to, StringComparison.Ordinal),
            Repair = error.Repair.Replace(from, to, StringComparison.Ordinal),
        })];
    }
}
