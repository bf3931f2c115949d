using ToolGateway.Rego.Values;

namespace ToolGateway.Rego;

/// <summary>An input document that makes its members when they are read. Used by one evaluation at a time.</summary>
public interface IRegoObjectSource
{
    /// <summary>The value of a member, or null when there is none. Asked at most once per name.</summary>
    RegoValue? GetMember(string name);

    /// <summary>The names of all members that there can be, at most 64.</summary>
    IReadOnlyList<string> MemberNames { get; }

    /// <summary>
    /// Whether there can be members besides: then <see cref="GetMember"/> is asked for other names as well, each time one is read. What lists or compares the whole object
    /// sees <see cref="MemberNames"/> only.
    /// </summary>
    bool HasOtherMembers => false;
}
