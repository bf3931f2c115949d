using System.Globalization;
using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Templates;

/// <summary>Runs a template over its data. Values are Rego's, or boxed integers and floats for the template's own literals; null is Go's nil.</summary>
internal sealed class TemplateRenderer(BuiltinContext context, IReadOnlyDictionary<string, IReadOnlyList<TemplateNode>> definitions)
{
    private readonly StringBuilder _output = new();
    private readonly List<(string Name, object? Value)> _variables = [];
    private Jump _jump;

    private enum Jump
    {
        None,
        Break,
        Continue,
    }

    public string Render(IReadOnlyList<TemplateNode> nodes, RegoValue data)
    {
        _variables.Add(("$", data));
        Run(nodes, data);
        return _output.ToString();
    }

    private void Run(IReadOnlyList<TemplateNode> nodes, object? dot)
    {
        context.Budget.Enter();
        var mark = _variables.Count;
        foreach (var node in nodes)
        {
            context.Budget.Step();
            Run(node, dot);
            if (_jump != Jump.None)
                break;
        }

        _variables.RemoveRange(mark, _variables.Count - mark);
        context.Budget.Leave();
    }

    private void Run(TemplateNode node, object? dot)
    {
        switch (node)
        {
            case TextNode text:
                Print(text.Text);
                break;
            case ActionNode action:
                var value = Evaluate(action.Pipeline, dot);
                if (action.Pipeline.Variables.Count == 0)
                    Print(TemplateText.Of(context, value));
                break;
            case JumpNode jump:
                _jump = jump.IsBreak ? Jump.Break : Jump.Continue;
                break;
            case CallNode call:
                Call(call, dot);
                break;
            case BranchNode branch:
                Branch(branch, dot);
                break;
        }
    }

    private void Print(string text)
    {
        context.SpendText(text.Length);
        _output.Append(text);
    }

    private void Call(CallNode call, object? dot)
    {
        if (!definitions.TryGetValue(call.Name, out var body))
            throw new TemplateException($"template: template {GoQuote.Quote(call.Name)} not defined");
        var argument = call.Argument is null ? null : Evaluate(call.Argument, dot);
        var outer = _variables.ToArray();
        _variables.Clear();
        _variables.Add(("$", argument));
        Run(body, argument);
        _variables.Clear();
        _variables.AddRange(outer);
    }

    private void Branch(BranchNode branch, object? dot)
    {
        var mark = _variables.Count;
        var value = Evaluate(branch.Pipeline, dot);
        if (branch.Keyword == "range")
            Range(branch, value, dot);
        else if (TemplateFunctions.IsTrue(value))
            Run(branch.Body, branch.Keyword == "with" ? value : dot);
        else if (branch.Otherwise is not null)
            Run(branch.Otherwise, dot);
        _variables.RemoveRange(mark, _variables.Count - mark);
    }

    private void Range(BranchNode branch, object? value, object? dot)
    {
        var any = false;
        foreach (var (key, item) in Items(value))
        {
            any = true;
            context.Budget.Step();
            var mark = _variables.Count;
            var names = branch.Pipeline.Variables;
            if (names.Count > 0)
                Set(names[^1], item, branch.Pipeline.Declares);
            if (names.Count > 1)
                Set(names[0], key, branch.Pipeline.Declares);
            Run(branch.Body, item);
            _variables.RemoveRange(mark, _variables.Count - mark);
            var jump = _jump;
            _jump = Jump.None;
            if (jump == Jump.Break)
                break;
        }

        if (!any && branch.Otherwise is not null)
            Run(branch.Otherwise, dot);
    }

    private static IEnumerable<(object Key, object? Value)> Items(object? value) => value switch
    {
        null or RegoNull => [],
        RegoArray array => array.Select((item, i) => ((object)(long)i, (object?)item)),
        RegoObject map => map.Select(member => ((object)member.Key, (object?)member.Value)),
        long count => Counting(count),
        _ => throw new TemplateException($"template: range can't iterate over {TemplateText.OfAny(value)}"),
    };

    private static IEnumerable<(object Key, object? Value)> Counting(long count)
    {
        for (var i = 0L; i < count; i++)
            yield return (i, i);
    }

    private object? Evaluate(Pipeline pipeline, object? dot)
    {
        object? value = null;
        for (var i = 0; i < pipeline.Commands.Count; i++)
            value = Evaluate(pipeline.Commands[i], dot, i > 0, value);
        if (pipeline.Variables is [var name])
            Set(name, value, pipeline.Declares);
        return value;
    }

    private object? Evaluate(Command command, object? dot, bool hasFinal, object? final)
    {
        context.Budget.Step();
        if (command.Operands[0] is not FunctionOperand function)
        {
            if (command.Operands.Count > 1 || hasFinal)
                throw new TemplateException("template: can't give argument to non-function");
            return Evaluate(command.Operands[0], dot);
        }

        // and, or: the rest is not looked at once the answer is known.
        var arguments = new List<object?>();
        for (var i = 1; i < command.Operands.Count + (hasFinal ? 1 : 0); i++)
        {
            var argument = i < command.Operands.Count ? Evaluate(command.Operands[i], dot) : final;
            arguments.Add(argument);
            if (function.Name is "and" or "or" && TemplateFunctions.IsTrue(argument) == (function.Name == "or"))
                return argument;
        }

        return TemplateFunctions.Call(context, function.Name, arguments);
    }

    private object? Evaluate(Operand operand, object? dot)
    {
        context.Budget.Step();
        switch (operand)
        {
            case ConstantOperand constant:
                return constant.Value;
            case DotOperand here:
                return Fields(dot, here.Fields);
            case VariableOperand variable:
                return Fields(_variables[Find(variable.Name)].Value, variable.Fields);
            case GroupOperand group:
                return Fields(Evaluate(group.Pipeline, dot), group.Fields);
            default:
                return TemplateFunctions.Call(context, ((FunctionOperand)operand).Name, []);
        }
    }

    private static object? Fields(object? value, IReadOnlyList<string> fields)
    {
        foreach (var field in fields)
        {
            value = value switch
            {
                RegoObject map => map.TryGetValue(field, out var member)
                    ? member
                    : throw new TemplateException(string.Create(CultureInfo.InvariantCulture, $"template: map has no entry for key {GoQuote.Quote(field)}")),
                null or RegoNull => throw new TemplateException($"template: nil data; no entry for key {GoQuote.Quote(field)}"),
                _ => throw new TemplateException($"template: can't evaluate field {field} in type {TemplateText.TypeOf(value)}"),
            };
        }

        return value;
    }

    private void Set(string name, object? value, bool declare)
    {
        if (declare)
            _variables.Add((name, value));
        else
            _variables[Find(name)] = (name, value);
    }

    private int Find(string name)
    {
        var at = _variables.FindLastIndex(variable => variable.Name == name);
        return at >= 0 ? at : throw new TemplateException($"template: undefined variable {GoQuote.Quote(name)}");
    }
}
