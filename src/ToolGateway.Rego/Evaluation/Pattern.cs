using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>What a value must look like; matching binds the variables that are still free.</summary>
internal abstract class Pattern
{
    public abstract bool Match(Frame frame, RegoValue value);
}

/// <summary>Matches anything and keeps nothing.</summary>
internal sealed class AnyPattern : Pattern
{
    public override bool Match(Frame frame, RegoValue value) => true;
}

/// <summary>Matches everything but false: an expression that stands for itself.</summary>
internal sealed class TruePattern : Pattern
{
    public override bool Match(Frame frame, RegoValue value) => !ReferenceEquals(value, RegoBoolean.False);
}

/// <summary>Binds a free variable.</summary>
internal sealed class BindPattern(int slot) : Pattern
{
    public int Slot { get; } = slot;

    public override bool Match(Frame frame, RegoValue value)
    {
        frame.Slots[Slot].Value = value;
        return true;
    }
}

/// <summary>Binds a free variable to a value that must not be false; used where an expression's value is shown.</summary>
internal sealed class BindTruePattern(int slot) : Pattern
{
    public override bool Match(Frame frame, RegoValue value)
    {
        frame.Slots[slot].Value = value;
        return !ReferenceEquals(value, RegoBoolean.False);
    }
}

/// <summary>Matches an equal value.</summary>
internal sealed class EqualPattern(ValueExpression expected) : Pattern
{
    public override bool Match(Frame frame, RegoValue value) => expected.Evaluate(frame) is { } other && RegoOrder.Equal(value, other);
}

/// <summary>Matches an array of the same length, element by element.</summary>
internal sealed class ArrayPattern(Pattern[] items) : Pattern
{
    public override bool Match(Frame frame, RegoValue value)
    {
        if (value is not RegoArray array || array.Count != items.Length)
            return false;
        for (var i = 0; i < items.Length; i++)
        {
            if (!items[i].Match(frame, array[i]))
                return false;
        }

        return true;
    }
}

/// <summary>Matches an object with the same number of members.</summary>
internal sealed class ObjectPattern(ValueExpression[] keys, Pattern[] values) : Pattern
{
    public override bool Match(Frame frame, RegoValue value)
    {
        if (value is not RegoObject map || map.Count != keys.Length)
            return false;
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i].Evaluate(frame) is not { } key || !map.TryGetValue(key, out var member) || !values[i].Match(frame, member))
                return false;
        }

        return true;
    }
}
