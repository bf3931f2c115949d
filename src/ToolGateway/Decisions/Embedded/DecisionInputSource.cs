using ToolGateway.Decisions.Input;
using ToolGateway.Rego;
using ToolGateway.Rego.Values;

namespace ToolGateway.Decisions.Embedded;

/// <summary>The input document of the embedded engine: a member is made when the policy reads it.</summary>
internal sealed class DecisionInputSource(DecisionInput input) : IRegoObjectSource
{
    private static readonly string[] Names = ["subject", "action", "resource", "context", "candidates"];

    public IReadOnlyList<string> MemberNames => Names;

    public RegoValue? GetMember(string name) => name switch
    {
        "subject" => InputDocument.Subject(input),
        "action" => InputDocument.Action(input),
        "resource" => InputDocument.Resource(input),
        "context" => RegoObject.FromSource(new ContextSource(input)),
        "candidates" => InputDocument.Candidates(input),
        _ => null,
    };

    private sealed class ContextSource(DecisionInput input) : IRegoObjectSource
    {
        private static readonly string[] ContextNames = ["arguments", "intent", "delegation", "mcp", "request"];

        public IReadOnlyList<string> MemberNames => ContextNames;

        public RegoValue? GetMember(string name) => name switch
        {
            "arguments" => input.Candidates is null ? RegoObject.FromSource(new ArgumentsSource(input)) : null,
            "intent" => InputDocument.Intent(input),
            "delegation" => InputDocument.Delegation(input),
            "mcp" => InputDocument.Mcp(input),
            "request" => InputDocument.Request(input),
            _ => null,
        };
    }

    private sealed class ArgumentsSource(DecisionInput input) : IRegoObjectSource
    {
        private static readonly string[] ArgumentNames = ["path", "query", "body", "headers"];

        public IReadOnlyList<string> MemberNames => ArgumentNames;

        public RegoValue? GetMember(string name) => name switch
        {
            "path" => input.Call.PathArguments,
            "query" => input.Call.QueryArguments,
            "body" => InputDocument.Body(input),
            "headers" => input.Call.HeaderArguments,
            _ => null,
        };
    }
}
