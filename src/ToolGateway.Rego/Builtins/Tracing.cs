using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>trace, print and the built-ins that the compiler calls for print, tests and template strings; opa.runtime.</summary>
internal static class Tracing
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("trace(note:string) -> boolean", Trace),
        Signature.Declare("print() -> rel", (_, _) => RegoBoolean.True),
        Signature.Declare("internal.print(:array[set[any]]) -> rel", Print),
        Signature.Declare("internal.test_case(:array[any]) -> rel", (_, _) => RegoBoolean.True),
        Signature.Declare("internal.template_string(:array[any]) -> string", TemplateString),
        Signature.Declare("opa.runtime() -> object[string:any]", (c, _) => c.Runtime, BuiltinTraits.Nondeterministic),
    ];

    private static RegoBoolean? Trace(BuiltinContext context, ReadOnlySpan<RegoValue> args) => context.TryGetText(args, 1, out _) ? RegoBoolean.True : null;

    // Every operand is the set of the values it has: none prints as <undefined>, several print every combination.
    private static RegoValue? Print(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetArray(args, 1, out var operands))
            return null;
        if (context.Print is null)
            return RegoBoolean.True;
        var lines = new List<string> { "" };
        foreach (var operand in operands.Items)
        {
            if (operand is not RegoSet values)
                return context.FailElement(1, operands, "set", operand);
            lines = Cross(context, lines, values);
        }

        foreach (var line in lines)
            context.Print(line);
        return RegoBoolean.True;
    }

    private static List<string> Cross(BuiltinContext context, List<string> lines, RegoSet values)
    {
        var texts = values.Count == 0 ? ["<undefined>"] : values.Select(value => Text(context, value)).ToArray();
        var crossed = new List<string>();
        foreach (var line in lines)
        {
            foreach (var text in texts)
            {
                context.SpendText((long)line.Length + text.Length + 1);
                crossed.Add(line.Length == 0 ? text : $"{line} {text}");
            }
        }

        return crossed;
    }

    // Parts are constants, or sets that hold the value of an expression or nothing.
    private static RegoValue? TemplateString(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetArray(args, 1, out var parts))
            return null;
        var output = new StringBuilder();
        foreach (var part in parts.Items)
        {
            context.Budget.Step();
            var text = part switch
            {
                RegoSet { Count: 0 } => "<undefined>",
                RegoSet { Count: 1 } set => Text(context, set.Items[0]),
                RegoSet => null,
                _ => Text(context, part),
            };
            if (text is null)
                return context.Fail("template-strings must not produce multiple outputs");
            context.SpendText(text.Length);
            output.Append(text);
        }

        return RegoString.Of(output.ToString());
    }

    private static string Text(BuiltinContext context, RegoValue value)
    {
        if (value is RegoString text)
            return text.Value;
        ValueSize.Spend(context, value);
        return value.ToString();
    }
}
