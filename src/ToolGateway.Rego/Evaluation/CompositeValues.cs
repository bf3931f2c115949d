using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>An array of terms.</summary>
internal sealed class ArrayValue(ValueExpression[] items) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame)
    {
        frame.Budget.Charge(24 + (8L * items.Length));
        var values = new RegoValue[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].Evaluate(frame) is not { } value)
                return null;
            values[i] = value;
        }

        return RegoArray.Adopt(values);
    }
}

/// <summary>A set of terms.</summary>
internal sealed class SetValue(ValueExpression[] items) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame)
    {
        frame.Budget.Charge(64 + (32L * items.Length));
        var builder = new RegoSetBuilder();
        foreach (var item in items)
        {
            if (item.Evaluate(frame) is not { } value)
                return null;
            builder.Add(value);
        }

        return builder.ToSet();
    }
}

/// <summary>An object of terms; its keys may turn out equal, then the last wins.</summary>
internal sealed class ObjectValue(ValueExpression[] keys, ValueExpression[] values) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame)
    {
        frame.Budget.Charge(64 + (48L * keys.Length));
        var builder = new RegoObjectBuilder();
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i].Evaluate(frame) is not { } key || values[i].Evaluate(frame) is not { } value)
                return null;
            builder.Set(key, value);
        }

        return builder.ToObject();
    }
}

/// <summary>An object whose keys are distinct constants, sorted when it was planned.</summary>
internal sealed class RecordValue(RegoValue[] keys, ValueExpression[] values) : ValueExpression
{
    public override RegoValue? Evaluate(Frame frame)
    {
        frame.Budget.Charge(40 + (16L * keys.Length));
        var pairs = new KeyValuePair<RegoValue, RegoValue>[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            if (values[i].Evaluate(frame) is not { } value)
                return null;
            pairs[i] = new(keys[i], value);
        }

        return RegoObject.AdoptSorted(pairs);
    }
}
