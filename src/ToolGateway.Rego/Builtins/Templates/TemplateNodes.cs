namespace ToolGateway.Rego.Builtins.Templates;

/// <summary>A part of a template.</summary>
internal abstract record TemplateNode;

/// <summary>Text outside of actions.</summary>
internal sealed record TextNode(string Text) : TemplateNode;

/// <summary>A pipeline whose value is printed, or assigned when it declares variables.</summary>
internal sealed record ActionNode(Pipeline Pipeline) : TemplateNode;

/// <summary>if, with and range; <see cref="Otherwise"/> runs when the pipeline is empty.</summary>
internal sealed record BranchNode(string Keyword, Pipeline Pipeline, IReadOnlyList<TemplateNode> Body, IReadOnlyList<TemplateNode>? Otherwise) : TemplateNode;

/// <summary>{{template "name" pipeline}}</summary>
internal sealed record CallNode(string Name, Pipeline? Argument) : TemplateNode;

/// <summary>break and continue.</summary>
internal sealed record JumpNode(bool IsBreak) : TemplateNode;

/// <summary>Commands joined by |, with the variables that take the value.</summary>
internal sealed record Pipeline(IReadOnlyList<string> Variables, bool Declares, IReadOnlyList<Command> Commands);

/// <summary>Operands; the first may be a function.</summary>
internal sealed record Command(IReadOnlyList<Operand> Operands);

/// <summary>One operand, with the fields that follow it.</summary>
internal abstract record Operand(IReadOnlyList<string> Fields);

/// <summary>A literal: text, integer, float, boolean or nil.</summary>
internal sealed record ConstantOperand(object? Value) : Operand([]);

/// <summary>The cursor: . or .Field.</summary>
internal sealed record DotOperand(IReadOnlyList<string> Fields) : Operand(Fields);

/// <summary>$name, or $ for the data that the template was given.</summary>
internal sealed record VariableOperand(string Name, IReadOnlyList<string> Fields) : Operand(Fields);

/// <summary>A function by name.</summary>
internal sealed record FunctionOperand(string Name) : Operand([]);

/// <summary>(pipeline)</summary>
internal sealed record GroupOperand(Pipeline Pipeline, IReadOnlyList<string> Fields) : Operand(Fields);
