using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>A term whose variables are all bound: it has one value, or is undefined (null).</summary>
internal abstract class ValueExpression
{
    public abstract RegoValue? Evaluate(Frame frame);
}

/// <summary>A value known when the policy was compiled.</summary>
internal sealed class ConstantValue(RegoValue value) : ValueExpression
{
    public RegoValue Value { get; } = value;

    public override RegoValue? Evaluate(Frame frame) => Value;
}

/// <summary>A bound variable.</summary>
internal sealed class SlotValue(int slot) : ValueExpression
{
    public int Slot { get; } = slot;

    public override RegoValue? Evaluate(Frame frame) => frame.Slots[Slot].Value;
}

/// <summary>The input document.</summary>
internal sealed class InputValue : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame) => frame.Context.Input;
}

/// <summary>A member of the input document at constant keys.</summary>
internal sealed class InputPathValue(RegoValue[] keys) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame) => Lookup.Path(frame.Context.Input, keys);
}

/// <summary>The same, looked up once in an evaluation: many rules look at the same few facts, and facts share what stands above them.</summary>
internal sealed class InputFactValue(int id, InputFactValue? parent, RegoValue key) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame) => Evaluate(frame.Context);

    public RegoValue? Evaluate(EvaluationContext context)
    {
        var memo = context.Memo;
        if (memo.TryGet(id, out var value))
            return value;
        var within = parent is null ? context.Input : parent.Evaluate(context);
        value = within is null ? null : Lookup.Member(within, key);
        memo.Set(id, value);
        return value;
    }
}

/// <summary>Base data at constant keys; no rule lies on the path.</summary>
internal sealed class DataPathValue(RegoValue[] keys) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame) => Lookup.DataPath(frame.Context.Data, keys);
}

/// <summary>What a rule gives, unless a <c>with</c> modifier replaces the document at or above it.</summary>
internal sealed class RuleValue(VirtualDocument document, RegoValue[] path) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame)
    {
        var context = frame.Context;
        if (context.Overrides is not null && context.Overrides.Cover(path))
            return Lookup.Path(context.Data, path);
        return document.Evaluate(context);
    }
}

/// <summary>Everything below a package or a prefix of packages, merged over base data.</summary>
internal sealed class ExtentValue(DocumentNode node) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame) => node.Extent(frame.Context, Lookup.Path(frame.Context.Data, node.Path));
}

/// <summary>A reference whose operands are all bound.</summary>
internal sealed class RefValue(ValueExpression head, ValueExpression[] operands) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame)
    {
        var value = head.Evaluate(frame);
        foreach (var operand in operands)
        {
            if (value is null || operand.Evaluate(frame) is not { } key)
                return null;
            value = Lookup.Member(value, key);
        }

        return value;
    }
}
