using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>A path in data that a <c>with</c> modifier replaces, and the ones around it.</summary>
internal sealed class DataOverride(RegoValue[] path, DataOverride? outer)
{
    /// <summary>Whether the document at <paramref name="target"/>, or one above it, is replaced.</summary>
    public bool Cover(ReadOnlySpan<RegoValue> target)
    {
        for (var item = this; item is not null; item = item.Outer)
        {
            if (item.IsPrefixOf(target))
                return true;
        }

        return false;
    }

    private DataOverride? Outer { get; } = outer;

    private bool IsPrefixOf(ReadOnlySpan<RegoValue> target)
    {
        if (path.Length > target.Length)
            return false;
        for (var i = 0; i < path.Length; i++)
        {
            if (!RegoOrder.Equal(path[i], target[i]))
                return false;
        }

        return true;
    }
}

/// <summary>A function or built-in that a <c>with</c> modifier replaces by a value or by another function.</summary>
internal sealed class FunctionMock(ICallable target, ICallable? replacement, RegoValue? value, FunctionMock? outer)
{
    public ICallable? Replacement { get; } = replacement;

    public RegoValue? Value { get; } = value;

    public FunctionMock? Find(ICallable called)
    {
        for (var item = this; item is not null; item = item.Outer)
        {
            if (item.Target.IsSame(called))
                return item;
        }

        return null;
    }

    private ICallable Target { get; } = target;

    private FunctionMock? Outer { get; } = outer;
}
