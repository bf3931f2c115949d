namespace ToolGateway.Load;

/// <summary>Options of a command line. One that there is not is refused, for a run that takes minutes should be the one that was meant.</summary>
internal sealed class Arguments
{
    private readonly List<string> _flags = [];
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <param name="args">As given.</param>
    /// <param name="flags">Options that stand alone.</param>
    /// <param name="valued">Options with a value behind them.</param>
    public Arguments(IReadOnlyList<string> args, string[] flags, string[] valued)
    {
        for (var i = 0; i < args.Count; i++)
        {
            if (flags.Contains(args[i], StringComparer.Ordinal))
                _flags.Add(args[i]);
            else if (valued.Contains(args[i], StringComparer.Ordinal) && i + 1 < args.Count)
                _values[args[i]] = args[++i];
            else
                Error ??= $"'{args[i]}' is {(valued.Contains(args[i], StringComparer.Ordinal) ? "without its value" : "not an option")}; there are {string.Join(", ", flags.Concat(valued.Select(static option => $"{option} …")))}";
        }
    }

    public string? Error { get; }

    public string? this[string option] => _values.GetValueOrDefault(option);

    public bool Has(string flag) => _flags.Contains(flag);
}
