using System.Diagnostics.CodeAnalysis;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>An object whose members a source makes on demand.</summary>
internal sealed class SourceObject(IRegoObjectSource source) : RegoObject([], sorted: true)
{
    private readonly RegoValue?[] _members = new RegoValue?[source.MemberNames.Count];
    private ulong _asked;
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
        var names = source.MemberNames;
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                return Read(i);
        }

        return source.HasOtherMembers ? source.GetMember(name) : null;
    }

    private RegoValue? Read(int index)
    {
        if ((_asked & (1UL << index)) == 0)
        {
            _asked |= 1UL << index;
            _members[index] = source.GetMember(source.MemberNames[index]);
        }

        return _members[index];
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
