using ToolGateway.Rego;
using ToolGateway.Rego.Values;

namespace ToolGateway.Host.Policy.Replay;

/// <summary>The facts that an evaluation asked for and a record does not hold. While there are none, the result is that of the whole input.</summary>
internal sealed class MissingFacts
{
    private readonly List<string> _paths = [];

    /// <summary>The first one asked for; null when nothing was missing.</summary>
    public string? First => _paths.Count == 0 ? null : _paths[0];

    public void Note(string path) => _paths.Add(path);
}

/// <summary>An object of the input, of which a record holds some members. What is asked for and not held is noted, so that the evaluation's result is not believed.</summary>
/// <param name="path">Where the object is, such as <c>input.context</c>.</param>
/// <param name="isOpen">Whether there may be members of any name; they are not held.</param>
internal sealed class Facts(string path, MissingFacts missing, bool isOpen = false) : IRegoObjectSource
{
    /// <summary>Stands for the members that nobody knows the names of, for whatever reads the whole object.</summary>
    private const string AnyOther = "\0";

    private const int MaxNames = 60;

    private readonly Dictionary<string, RegoValue?> _held = new(StringComparer.Ordinal);
    private readonly List<string> _names = isOpen ? [AnyOther] : [];

    public IReadOnlyList<string> MemberNames => _names;

    public bool HasOtherMembers => isOpen;

    /// <summary>Says what a member is; null: there is none.</summary>
    public Facts Hold(string name, RegoValue? value)
    {
        _held[name] = value;

        // An open object is not held as a whole anyway, so that it need not list all it holds.
        if (_names.Count < MaxNames)
            _names.Add(name);
        return this;
    }

    /// <summary>Says that nobody knows what a member is.</summary>
    public Facts Miss(string name)
    {
        _names.Add(name);
        return this;
    }

    /// <summary>Says what a member is when <paramref name="from"/> holds it.</summary>
    public Facts Copy(string name, RegoObject? from) => from?.TryGetValue(name, out var value) == true ? Hold(name, value) : Miss(name);

    public RegoObject ToObject() => RegoObject.FromSource(this);

    public RegoValue? GetMember(string name)
    {
        if (_held.TryGetValue(name, out var value))
            return value;
        missing.Note(name == AnyOther ? path : $"{path}.{name}");
        return null;
    }
}
