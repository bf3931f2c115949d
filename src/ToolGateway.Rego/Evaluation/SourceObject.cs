using System.Diagnostics.CodeAnalysis;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>An object whose members a source makes on demand.</summary>
internal sealed class SourceObject(IRegoObjectSource source) : RegoObject([], sorted: true)
{
    private readonly Dictionary<string, RegoValue?> _members = new(StringComparer.Ordinal);
    private RegoObject? _whole;

    public override int Count => Whole.Count;

    public override ReadOnlySpan<KeyValuePair<RegoValue, RegoValue>> Members => Whole.Members;

    private RegoObject Whole => _whole ??= ReadAll();

    public override bool TryGetValue(RegoValue key, [NotNullWhen(true)] out RegoValue? value)
    {
        value = key is RegoString name ? Read(name.Value) : null;
        return value is not null;
    }

    private RegoValue? Read(string name)
    {
        if (!_members.TryGetValue(name, out var value))
            _members.Add(name, value = source.GetMember(name));
        return value;
    }

    private RegoObject ReadAll()
    {
        var builder = new RegoObjectBuilder();
        foreach (var name in source.MemberNames)
        {
            if (Read(name) is { } value)
                builder.Set(name, value);
        }

        return builder.ToObject();
    }
}
