using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

/// <summary>A module as OPA writes its syntax trees in JSON.</summary>
internal static class ModuleJson
{
    public static RegoObject Of(Module module)
    {
        var json = new RegoObjectBuilder();
        json.Set("package", One("path", TermJson.Path(module.Package.Path)));
        SetAll(json, "imports", module.Imports, ImportOf);
        SetAll(json, "annotations", module.Annotations, static annotations => annotations.Content);
        SetAll(json, "rules", module.Rules, RuleOf);
        SetAll(json, "comments", module.Comments, CommentOf);
        return json.ToObject();
    }

    public static RegoArray BodyOf(Body body) => RegoArray.Adopt([.. body.Expressions.Select(ExpressionJson.Of)]);

    private static void SetAll<T>(RegoObjectBuilder json, string name, IReadOnlyList<T> items, Func<T, RegoValue> convert)
    {
        if (items.Count > 0)
            json.Set(name, RegoArray.Adopt([.. items.Select(convert)]));
    }

    private static RegoObject ImportOf(Import import)
    {
        var json = new RegoObjectBuilder();
        json.Set("path", TermJson.Typed("ref", TermJson.Path(import.Path)));
        if (import.Alias is not null)
            json.Set("alias", new RegoString(import.Alias));
        return json.ToObject();
    }

    private static RegoValue CommentOf(Comment comment)
    {
        var place = new RegoObjectBuilder();
        place.Set("file", new RegoString(comment.Location.File));
        place.Set("row", RegoNumber.Of(comment.Location.Row));
        place.Set("col", RegoNumber.Of(comment.Location.Column));
        var json = new RegoObjectBuilder();
        json.Set("Location", place.ToObject());
        json.Set("Text", new RegoString(Convert.ToBase64String(Encoding.UTF8.GetBytes(comment.Text))));
        return json.ToObject();
    }

    private static RegoObject RuleOf(Rule rule)
    {
        var json = new RegoObjectBuilder();
        json.Set("body", BodyOf(rule.Body));
        json.Set("head", HeadOf(rule.Head));
        if (rule.IsDefault)
            json.Set("default", RegoBoolean.True);
        if (rule.Else is not null)
            json.Set("else", RuleOf(rule.Else));
        SetAll(json, "annotations", rule.Annotations, static annotations => annotations.Content);
        return json.ToObject();
    }

    private static RegoObject HeadOf(RuleHead head)
    {
        var json = new RegoObjectBuilder();
        var operands = head.Reference.Operands;
        if (operands.Count == 0 || (operands.Count == 1 && head.Arguments is null && head.Key is null))
            json.Set("name", new RegoString(((VarTerm)head.Reference.Head).Name));
        if (head.Arguments is { Count: > 0 })
            json.Set("args", RegoArray.Adopt([.. head.Arguments.Select(TermJson.Of)]));
        if (head.Key is not null)
            json.Set("key", TermJson.Of(head.Key));
        else if (operands is [var key] && head.Arguments is null && key is not ScalarTerm)
            json.Set("key", TermJson.Of(key));
        if (head.Value is not null)
            json.Set("value", TermJson.Of(head.Value));
        else if (head.Key is null)
            json.Set("value", TermJson.Typed("boolean", RegoBoolean.True));
        if (head.IsAssigned)
            json.Set("assign", RegoBoolean.True);
        json.Set("ref", TermJson.Path(head.Reference));
        return json.ToObject();
    }

    private static RegoObject One(string name, RegoValue value) =>
        RegoObject.From([KeyValuePair.Create<RegoValue, RegoValue>(new RegoString(name), value)]);
}
