using ToolGateway.Rego.Builtins.Templates;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>strings.render_template: Go's text templates over JSON data; a missing key is an error.</summary>
internal static class RenderTemplate
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("strings.render_template(value:string, vars:object[string:any]) -> string", Evaluate),
    ];

    private static RegoValue? Evaluate(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var template) || !context.TryGetObject(args, 2, out var variables))
            return null;
        context.SpendText(template.Length);
        ValueSize.Spend(context, variables);
        if (!RegoJson.TryParse(RegoJson.Serialize(variables), out var data, out var error))
            return context.Fail(error);
        try
        {
            var parser = new TemplateParser(context);
            var nodes = parser.Parse(template);
            return RegoString.Of(new TemplateRenderer(context, parser.Definitions).Render(nodes, data));
        }
        catch (TemplateException e)
        {
            return context.Fail(e.Message);
        }
    }
}
