using ToolGateway.Decisions;
using ToolGateway.Identity;
using ToolGateway.ToolCalls;

namespace ToolGateway.Tests.Decisions;

/// <summary>Questions and what the shipped policy answers, for every engine: "allow" or the reasons.</summary>
internal static class DecisionCases
{
    public static IReadOnlyDictionary<string, (DecisionInput Input, string Expected)> All { get; } = new Dictionary<string, (DecisionInput, string)>
    {
        ["low-risk read"] = (Calls.Read, "allow"),
        ["canary"] = (Calls.Question(Calls.ReadCall, Calls.Caller with { Type = "canary", Agent = null }), "canary"),
        ["user without an agent"] = (Calls.Question(Calls.ReadCall, Calls.Caller with { Type = "user", Agent = null }), "agent_required"),
        ["unregistered agent"] = (Calls.Question(Calls.ReadCall, Calls.Caller with { Agent = null }), "agent_unregistered"),
        ["agent for a user"] = (Calls.Question(Calls.ReadCall, Calls.Caller with { Delegation = new DelegationSubject("user", "ada") }), "allow"),
        ["other tenant"] = (As("support", agent => agent with { Tenant = "globex" }), "tenant_mismatch"),
        ["other environment"] = (As("support", agent => agent with { Environment = null }), "environment_mismatch"),
        ["shared tool"] = (Calls.Question(Calls.ReadCall with { Tool = Calls.Crm with { Tenant = null, Environment = null } }), "allow"),
        ["no grant for the action"] = (Calls.Question(Calls.ReadCall with { Action = "customers.delete" }), "not_granted"),
        ["no grants at all"] = (As("stranger", agent => agent), "not_granted"),
        ["refund within the limit"] = (Refund("""{"order":"A-17","amount":40}"""), "allow"),
        ["refund at the limit"] = (Refund("""{"amount":100.0}"""), "allow"),
        ["refund over the limit"] = (Refund("""{"amount":100.01}"""), "argument_over_limit"),
        ["refund of nothing"] = (Refund("""{"amount":0}"""), "argument_under_limit"),
        ["refund of null"] = (Refund("""{"amount":null}"""), "argument_invalid"),
        ["refund of text"] = (Refund("""{"amount":"40"}"""), "argument_invalid"),
        ["refund without amount"] = (Refund("""{"order":"A-17"}"""), "argument_invalid"),
        ["refund that is a list"] = (Refund("[40]"), "argument_invalid"),
        ["refund of a large number"] = (Refund("""{"amount":1e30}"""), "argument_over_limit"),
        ["refund for another purpose"] = (Refund("""{"amount":40}""", new Intent("T-1", "goodwill", true)), "purpose_not_granted"),
        ["refund with claimed intent"] = (Refund("""{"amount":40}""", new Intent("T-1", "refund-order", false)), "intent_unverified"),
        ["refund without task"] = (Refund("""{"amount":40}""", new Intent(null, "refund-order", true)), "intent_unverified"),
        ["refund by token alone"] = (
            Calls.Refund("""{"amount":40}""", caller: Calls.Caller with { Authentication = "jwt" }), "workload_identity_required"),
        ["everything wrong with a refund"] = (
            Calls.Refund("""{"amount":500}""", default(Intent), Calls.Caller with { Id = "https://issuer.acme.test#support", Authentication = "jwt" }),
            "argument_over_limit,intent_unverified,purpose_not_granted,workload_identity_required"),
        ["export for its task"] = (Export("report-2026-11"), "allow"),
        ["export for another task"] = (Export("T-1"), "task_not_granted"),
        ["medium risk without intent"] = (Calls.Question(Calls.ReadCall with { Risk = Risk.Medium }), "intent_required"),
        ["medium risk with stated intent"] = (Calls.Question(Calls.ReadCall with { Risk = Risk.Medium, Intent = new Intent(null, "help", false) }), "allow"),
        ["mcp read"] = (Calls.Mcp("read_file", """{"path":"/a"}"""), "allow"),
        ["mcp initialize"] = (Calls.Mcp("mcp:initialize"), "allow"),
        ["mcp write"] = (Calls.Mcp("write_file", """{"path":"/a"}"""), "not_granted"),
        ["mcp resources"] = (Calls.Mcp("mcp:resources/read"), "not_granted"),
        ["text beyond ASCII"] = (Calls.Question(Calls.ReadCall with { Action = "ünïcode\u2028\"" }), "not_granted"),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static string Text(Decision decision) => decision.Allow ? "allow" : string.Join(',', decision.Reasons.Order(StringComparer.Ordinal));

    private static DecisionInput As(string name, Func<Agent, Agent> change) =>
        Calls.Question(Calls.ReadCall, Calls.Caller with { Agent = change(Calls.Support with { Name = name }) });

    private static DecisionInput Refund(string body, Intent? intent = null) => Calls.Refund(body, intent);

    private static DecisionInput Export(string task) => Calls.Question(
        Calls.ReadCall with { Action = "customers.export", Risk = Risk.High, Effect = "export", Intent = new Intent(task, null, true) },
        Calls.Caller with { Agent = Calls.Support with { Name = "reporting" } });
}
