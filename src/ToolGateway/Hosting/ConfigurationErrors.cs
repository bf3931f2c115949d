namespace ToolGateway.Hosting;

/// <summary>Collects everything that is wrong with a configuration, so that it is reported at once.</summary>
internal sealed class ConfigurationErrors
{
    private readonly List<ConfigurationError> _items = [];

    public IReadOnlyList<ConfigurationError> Items => _items;

    public bool Any => _items.Count > 0;

    /// <summary>Notes an error.</summary>
    /// <param name="key">The configuration key without the section, such as <c>Tools:crm:Upstream</c>.</param>
    /// <param name="value">The wrong value, or null when it is missing; never a secret.</param>
    /// <param name="repair">What is wrong and what to write instead.</param>
    public void Add(string key, string? value, string repair) => _items.Add(new ConfigurationError($"{ToolGatewayOptions.Section}:{key}", value, repair));

    public void Add(ConfigurationError error) => _items.Add(error);

    /// <summary>Notes an error in the configuration file itself.</summary>
    public void AddFile(string place, string repair) => _items.Add(new ConfigurationError(place, null, repair));
}

/// <summary>One error: where, what, and the repair.</summary>
internal sealed record ConfigurationError(string Key, string? Value, string Repair)
{
    public override string ToString() => Value is null ? $"{Key}: {Repair}" : $"{Key} = '{Value}': {Repair}";
}
