using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego;

/// <summary>A rule of a policy as tools see it.</summary>
/// <param name="Path">The rule as a reference: <c>data.toolgateway.allow</c>. Variable parts of its name are as written.</param>
/// <param name="Package">The package as a reference: <c>data.toolgateway</c>.</param>
/// <param name="Name">The name within the package.</param>
/// <param name="Location">Where it stands.</param>
/// <param name="Annotations">What METADATA comments say about it, in the order in which they stand.</param>
public sealed record RegoRule(string Path, string Package, string Name, SourceLocation Location, IReadOnlyList<RegoObject> Annotations)
{
    /// <summary>Whether it is a <c>default</c>.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Whether it is a function.</summary>
    public bool IsFunction { get; init; }

    /// <summary>Whether it is a test: its name begins with <c>test_</c>.</summary>
    public bool IsTest { get; init; }

    /// <summary>Whether it is a test to be skipped: its name begins with <c>todo_test_</c>.</summary>
    public bool IsSkippedTest { get; init; }
}
