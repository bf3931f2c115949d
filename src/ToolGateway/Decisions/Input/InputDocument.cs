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
    private static readonly ConditionalWeakTable<ToolAction, KeptAction> Actions = [];
    private static readonly RegoObject NoIntent = RegoObject.Of((Key.Purpose, RegoNull.Value), (Key.Task, RegoNull.Value), (Key.Verified, RegoBoolean.False));

    public static RegoObject Subject(DecisionInput input)
    {
        var overdue = InputNames.IsReviewOverdue(input);
        return (overdue ? OverdueSubjects : Subjects).GetValue(input.Caller, overdue ? static c => MakeSubject(c, true) : static c => MakeSubject(c, false));
    }

    public static RegoObject Resource(DecisionInput input) => Resources.GetValue(input.Call.Tool, static tool => RegoObject.Of(
        (Key.Id, Text(tool.Name)),
        (Key.Properties, RegoObject.Of(
            (Key.Data, RegoArray.From(tool.Data.Select(label => new RegoString(label)))),
            (Key.Destination, Text(tool.Destination)),
            (Key.Environment, Text(tool.Environment)),
            (Key.Owner, Text(tool.Owner)),
            (Key.Protocol, Text(InputNames.Protocol(tool))),
            (Key.Tenant, Text(tool.Tenant)))),
        (Key.Type, Text("tool"))));

    /// <summary>The action; what the catalogue lists is made once, names that come from callers are not kept.</summary>
    public static RegoObject Action(DecisionInput input)
    {
        var call = input.Call;
        if (!call.Tool.Actions.TryGetValue(call.Action, out var listed))
            return MakeAction(call);
        var kept = Actions.GetValue(listed, static _ => new KeptAction());
        if (kept.Value is { } value && kept.Method == call.Method && kept.Risk == call.Risk && kept.Effect == call.Effect)
            return value;
        value = MakeAction(call);
        if (kept.Value is null)
            Actions.AddOrUpdate(listed, new KeptAction { Method = call.Method, Risk = call.Risk, Effect = call.Effect, Value = value });
        return value;
    }

    public static RegoValue? Candidates(DecisionInput input) =>
        input.Candidates is { } candidates ? RegoArray.From(candidates.Select(candidate => new RegoString(candidate))) : null;

    public static RegoObject Intent(DecisionInput input)
    {
        var intent = input.Call.Intent;
        return intent == default ? NoIntent : RegoObject.Of(
            (Key.Purpose, Text(intent.Purpose)), (Key.Task, Text(intent.Task)), (Key.Verified, RegoBoolean.Of(intent.Verified)));
    }

    public static RegoValue Delegation(DecisionInput input) => input.Caller.Delegation is { } delegation
        ? RegoObject.Of((Key.Subject, RegoObject.Of((Key.Id, Text(delegation.Id)), (Key.Type, Text(delegation.Type)))))
        : RegoNull.Value;

    public static RegoValue Mcp(DecisionInput input)
    {
        if (input.Call.Mcp is not { } mcp)
            return RegoNull.Value;
        var (method, version) = ((new RegoString("method"), Text(mcp.Method)), (new RegoString("version"), Text(mcp.Version)));
        var responses = (new RegoString("input_responses"), mcp.InputResponses ?? RegoNull.Value);
        var state = (new RegoString("request_state_digest"), Text(mcp.RequestStateDigest));
        return mcp.PinnedAnnotations is { } annotations
            ? RegoObject.Of(method, version, responses, state, (new RegoString("annotations"), annotations))
            : RegoObject.Of(method, version, responses, state);
    }

    public static RegoObject Request(DecisionInput input) => RegoObject.Of(
        (Key.Id, Text(input.Id)),
        (new RegoString("remote_address"), Text(input.RemoteAddress)),
        (new RegoString("time"), Text(InputNames.Time(input.Time))));

    /// <summary>The body as a value: parsed here, so only for policies that look at it.</summary>
    /// <exception cref="JsonException">The body is not JSON, which classification rules out.</exception>
    public static RegoValue Body(DecisionInput input)
    {
        if (input.Call.Mcp is { } mcp)
            return mcp.Arguments ?? RegoNull.Value;
        return input.Call.Body.IsEmpty ? RegoNull.Value : RegoJson.Parse(input.Call.Body.Span);
    }

    private static RegoObject MakeSubject(Caller caller, bool overdue) => RegoObject.Of(
        (Key.Id, Text(caller.Id)),
        (Key.Properties, RegoObject.Of(
            (new RegoString("authentication"), Text(caller.Authentication)),
            (new RegoString("claims"), caller.Claims),
            (Key.Environment, Text(caller.Agent?.Environment)),
            (new RegoString("issuer"), Text(caller.Issuer)),
            (Key.Name, Text(caller.Agent?.Name)),
            (Key.Owner, Text(caller.Agent?.Owner)),
            (new RegoString("registered"), RegoBoolean.Of(caller.Agent is not null)),
            (new RegoString("review_overdue"), RegoBoolean.Of(overdue)),
            (Key.Tenant, Text(caller.Agent?.Tenant)))),
        (Key.Type, Text(caller.Type)));

    private static RegoObject MakeAction(ToolCall call) => RegoObject.Of(
        (Key.Name, Text(call.Action)),
        (Key.Properties, RegoObject.Of((Key.Effect, Text(call.Effect)), (Key.Method, Text(call.Method)), (Key.Risk, Text(InputNames.Of(call.Risk))))));

    private static RegoValue Text(string? value) => value is null ? RegoNull.Value : new RegoString(value);

    private sealed class KeptAction
    {
        public string? Method { get; init; }

        public Risk Risk { get; init; }

        public string? Effect { get; init; }

        public RegoObject? Value { get; init; }
    }

    /// <summary>Names of members that are written again and again.</summary>
    private static class Key
    {
        public static readonly RegoString Data = new("data");
        public static readonly RegoString Destination = new("destination");
        public static readonly RegoString Effect = new("effect");
        public static readonly RegoString Environment = new("environment");
        public static readonly RegoString Id = new("id");
        public static readonly RegoString Method = new("method");
        public static readonly RegoString Name = new("name");
        public static readonly RegoString Owner = new("owner");
        public static readonly RegoString Properties = new("properties");
        public static readonly RegoString Protocol = new("protocol");
        public static readonly RegoString Purpose = new("purpose");
        public static readonly RegoString Risk = new("risk");
        public static readonly RegoString Subject = new("subject");
        public static readonly RegoString Task = new("task");
        public static readonly RegoString Tenant = new("tenant");
        public static readonly RegoString Type = new("type");
        public static readonly RegoString Verified = new("verified");
    }
}
