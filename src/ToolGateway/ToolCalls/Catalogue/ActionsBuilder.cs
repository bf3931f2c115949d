using System.Collections.Frozen;
using ToolGateway.Hosting;
using ToolGateway.ToolCalls.Routes;

namespace ToolGateway.ToolCalls.Catalogue;

/// <summary>Builds the actions of a tool.</summary>
internal sealed class ActionsBuilder(string toolKey, ToolOptions options, bool isMcp, Risk toolRisk, ConfigurationErrors errors)
{
    private static readonly string[] Effects = ["read", "write", "export", "admin"];

    public (FrozenDictionary<string, ToolAction> ByName, ActionRoutes Routes) Build()
    {
        var actions = new Dictionary<string, ToolAction>(StringComparer.Ordinal);
        var tree = new RouteTreeBuilder();
        foreach (var (name, action) in options.Actions)
        {
            var key = $"{toolKey}:Actions:{name}";
            if (!Names.IsValid(name))
                errors.Add(key, name, Names.Repair);
            var built = isMcp ? McpAction(key, name, action) : HttpAction(key, name, action);
            actions.Add(name, built);
            if (!isMcp)
                Place(key, built, tree);
        }

        if (!isMcp && actions.Count == 0)
            errors.Add($"{toolKey}:Actions", null, "list the actions of the tool; without any, nothing at it can be called");
        return (actions.ToFrozenDictionary(StringComparer.Ordinal), tree.Build());
    }

    private ToolAction HttpAction(string key, string name, ActionOptions action)
    {
        if (action.Method is not { } method || !HeaderNames.IsToken(method) || method.Any(char.IsAsciiLetterLower) || method is "CONNECT" or "TRACE")
            errors.Add($"{key}:Method", action.Method, "write one HTTP method in upper case, such as GET (CONNECT and TRACE are not supported)");
        var query = Query(key, action, out var any);
        return new ToolAction(
            name, action.Method, action.Path, query, any, Body(key, action), ToolBuilder.RiskOf($"{key}:Risk", action.Risk, toolRisk, errors), Effect(key, action));
    }

    private ToolAction McpAction(string key, string name, ActionOptions action)
    {
        if (action.Method is not null || action.Path is not null || action.Body is not null || action.Query.Count > 0)
            errors.Add(key, null, "an action of an MCP tool has only Risk and Effect; remove Method, Path, Query and Body");
        return new ToolAction(
            name, null, null, FrozenDictionary<string, bool>.Empty, false, BodyMode.Json, ToolBuilder.RiskOf($"{key}:Risk", action.Risk, toolRisk, errors), Effect(key, action));
    }

    private void Place(string key, ToolAction action, RouteTreeBuilder tree)
    {
        if (PathTemplate.Parse(action.Template ?? "", out var problem) is not { } template)
            errors.Add($"{key}:Path", action.Template, problem!);
        else if (tree.Add(action, template) is { } conflict)
            errors.Add($"{key}:Path", action.Template, $"it cannot be told from {conflict}; change one of them");
    }

    private FrozenDictionary<string, bool> Query(string key, ActionOptions action, out bool any)
    {
        var names = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase);
        any = false;
        foreach (var (name, count) in action.Query)
        {
            if (count is not ("one" or "many") || (name == "*" && count != "many"))
                errors.Add($"{key}:Query:{name}", count, name == "*" ? "write many: any name may be repeated" : "write one or many");
            if (name == "*")
                any = true;
            else if (name.Length == 0 || !names.TryAdd(name, count == "many"))
                errors.Add($"{key}:Query:{name}", name, "list each name once, ignoring case");
        }

        return names.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private BodyMode Body(string key, ActionOptions action)
    {
        switch (action.Body)
        {
            case null or "":
                return BodyMode.None;
            case "json":
                return BodyMode.Json;
            case "opaque":
                return BodyMode.Opaque;
            default:
                errors.Add($"{key}:Body", action.Body, "write json or opaque, or leave it out when the action takes no body");
                return BodyMode.None;
        }
    }

    private string Effect(string key, ActionOptions action)
    {
        if (string.IsNullOrEmpty(action.Effect))
            return "write";
        if (!Effects.Contains(action.Effect, StringComparer.Ordinal))
            errors.Add($"{key}:Effect", action.Effect, "write read, write, export or admin");
        return action.Effect;
    }
}
