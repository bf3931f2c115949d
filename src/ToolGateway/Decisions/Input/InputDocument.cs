using System.Runtime.CompilerServices;
using System.Text.Json;
using ToolGateway.Identity;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls;

namespace ToolGateway.Decisions.Input;

/// <summary>
/// The input document as values, the same that <see cref="DecisionInputJson"/> writes. What does not change from call to call (the caller, the tool) is made once
/// and kept as long as the caller or tool is.
/// </summary>
internal static class InputDocument
{
    private static readonly ConditionalWeakTable<Caller, RegoObject> Subjects = [];
    private static readonly ConditionalWeakTable<Caller, RegoObject> OverdueSubjects = [];
    private static readonly ConditionalWeakTable<Tool, RegoObject> Resources = [];

    public static RegoObject Subject(DecisionInput input)
    {
        var overdue = InputNames.IsReviewOverdue(input);
        return (overdue ? OverdueSubjects : Subjects).GetValue(input.Caller, overdue ? static c => MakeSubject(c, true) : static c => MakeSubject(c, false));
    }

    public static RegoObject Resource(DecisionInput input) => Resources.GetValue(input.Call.Tool, static tool => Of(
        ("id", Text(tool.Name)),
        ("properties", Of(
            ("data", RegoArray.From(tool.Data.Select(label => new RegoString(label)))),
            ("destination", Text(tool.Destination)),
            ("environment", Text(tool.Environment)),
            ("owner", Text(tool.Owner)),
            ("protocol", Text(InputNames.Protocol(tool))),
            ("tenant", Text(tool.Tenant)))),
        ("type", Text("tool"))));

    public static RegoObject Action(DecisionInput input) => Of(
        ("name", Text(input.Call.Action)),
        ("properties", Of(
            ("effect", Text(input.Call.Effect)),
            ("method", Text(input.Call.Method)),
            ("risk", Text(InputNames.Of(input.Call.Risk))))));

    public static RegoValue? Candidates(DecisionInput input) =>
        input.Candidates is { } candidates ? RegoArray.From(candidates.Select(candidate => new RegoString(candidate))) : null;

    public static RegoObject Intent(DecisionInput input) => Of(
        ("purpose", Text(input.Call.Intent.Purpose)),
        ("task", Text(input.Call.Intent.Task)),
        ("verified", RegoBoolean.Of(input.Call.Intent.Verified)));

    public static RegoValue Delegation(DecisionInput input) => input.Caller.Delegation is { } delegation
        ? Of(("subject", Of(("id", Text(delegation.Id)), ("type", Text(delegation.Type)))))
        : RegoNull.Value;

    public static RegoValue Mcp(DecisionInput input)
    {
        if (input.Call.Mcp is not { } mcp)
            return RegoNull.Value;
        var members = new List<KeyValuePair<RegoValue, RegoValue>>
        {
            new(Text("method"), Text(mcp.Method)),
            new(Text("version"), Text(mcp.Version)),
            new(Text("input_responses"), mcp.InputResponses ?? RegoNull.Value),
            new(Text("request_state_digest"), Text(mcp.RequestStateDigest)),
        };
        if (mcp.PinnedAnnotations is { } annotations)
            members.Add(new(Text("annotations"), annotations));
        return RegoObject.From(members);
    }

    public static RegoObject Request(DecisionInput input) => Of(
        ("id", Text(input.Id)),
        ("remote_address", Text(input.RemoteAddress)),
        ("time", Text(InputNames.Time(input.Time))));

    /// <summary>The body as a value: parsed here, so only for policies that look at it.</summary>
    /// <exception cref="JsonException">The body is not JSON, which classification rules out.</exception>
    public static RegoValue Body(DecisionInput input)
    {
        if (input.Call.Mcp is { } mcp)
            return mcp.Arguments ?? RegoNull.Value;
        return input.Call.Body.IsEmpty ? RegoNull.Value : RegoJson.Parse(input.Call.Body.Span);
    }

    private static RegoObject MakeSubject(Caller caller, bool overdue) => Of(
        ("id", Text(caller.Id)),
        ("properties", Of(
            ("authentication", Text(caller.Authentication)),
            ("claims", caller.Claims),
            ("environment", Text(caller.Agent?.Environment)),
            ("issuer", Text(caller.Issuer)),
            ("name", Text(caller.Agent?.Name)),
            ("owner", Text(caller.Agent?.Owner)),
            ("registered", RegoBoolean.Of(caller.Agent is not null)),
            ("review_overdue", RegoBoolean.Of(overdue)),
            ("tenant", Text(caller.Agent?.Tenant)))),
        ("type", Text(caller.Type)));

    private static RegoValue Text(string? value) => value is null ? RegoNull.Value : new RegoString(value);

    private static RegoObject Of(params ReadOnlySpan<(string Name, RegoValue Value)> members)
    {
        var pairs = new KeyValuePair<RegoValue, RegoValue>[members.Length];
        for (var i = 0; i < members.Length; i++)
            pairs[i] = new(new RegoString(members[i].Name), members[i].Value);
        return RegoObject.From(pairs);
    }
}
