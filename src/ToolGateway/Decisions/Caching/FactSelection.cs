namespace ToolGateway.Decisions.Caching;

/// <summary>The facts that an entry point can read.</summary>
internal sealed class FactSelection
{
    private readonly Fact[] _facts;

    private FactSelection(Fact[] facts)
    {
        _facts = facts;
        CanRepeat = !facts.Any(fact => fact.IsUnique);
    }

    /// <summary>
    /// What is known of a sidecar's policy: that it is sent everything. The call's id and time are left out, because with them no decision could
    /// ever be reused; a policy that depends on them must not set <c>cache_seconds</c>.
    /// </summary>
    public static FactSelection Sidecar { get; } = new([.. Fact.All.Where(fact => !fact.IsUnique)]);

    public IReadOnlyList<Fact> Facts => _facts;

    /// <summary>Whether two calls can ever have the same facts.</summary>
    public bool CanRepeat { get; }

    /// <summary>The facts at, above or below any of the paths; an empty path reads everything.</summary>
    public static FactSelection Reading(IEnumerable<IReadOnlyList<string>> paths)
    {
        var read = paths.ToArray();
        return new FactSelection([.. Fact.All.Where(fact => read.Any(path => Touches(path, fact.Path.Split('.'))))]);
    }

    public DecisionKey Key(string entryPoint, string engine, string? revision, DecisionInput input)
    {
        var encoder = new KeyEncoder();
        encoder.Text(entryPoint);
        encoder.Text(engine);
        encoder.Text(revision);
        foreach (var fact in _facts)
            fact.Write(ref encoder, input);
        return encoder.ToKey();
    }

    private static bool Touches(IReadOnlyList<string> path, string[] fact)
    {
        for (var i = 0; i < Math.Min(path.Count, fact.Length); i++)
        {
            if (path[i] != fact[i])
                return false;
        }

        return true;
    }
}
