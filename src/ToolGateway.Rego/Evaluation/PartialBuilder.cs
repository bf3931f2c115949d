using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>Collects what the rules of a partial document give: a set, an object, or objects within objects down to either.</summary>
internal sealed class PartialBuilder(EvaluationBudget budget)
{
    private RegoSetBuilder? _elements;
    private Branch? _members;

    public bool IsSet { get; set; }

    /// <summary>Lets go of what was collected.</summary>
    public void Clear()
    {
        _elements = null;
        _members = null;
    }

    public RegoValue ToValue() => IsSet ? _elements?.ToSet() ?? RegoSet.Empty : _members?.ToObject() ?? RegoObject.Empty;

    /// <summary>False means that another value stands there already, or that a key is undefined.</summary>
    public bool TryAdd(Frame frame, ValueExpression[] path, RegoValue leaf, bool isElement, out bool isUndefined)
    {
        isUndefined = false;
        budget.Charge(64);
        if (IsSet)
        {
            (_elements ??= new()).Add(leaf);
            return true;
        }

        var branch = _members ??= new();
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i].Evaluate(frame) is not { } key)
            {
                isUndefined = true;
                return false;
            }

            if (i == path.Length - 1)
                return isElement ? branch.TryAddElement(key, leaf) : branch.TrySet(key, leaf);
            if (branch.Descend(key) is not { } below)
                return false;
            branch = below;
        }

        return false;
    }

    /// <summary>Sets the member at constant keys unless one is there.</summary>
    public void SetDefault(RegoValue[] path, RegoValue value)
    {
        var branch = _members ??= new();
        for (var i = 0; i < path.Length - 1 && branch is not null; i++)
            branch = branch.Descend(path[i]);
        branch?.SetDefault(path[^1], value);
    }

    private sealed class Branch
    {
        private readonly Dictionary<RegoValue, object> _members = [];

        public bool TrySet(RegoValue key, RegoValue value)
        {
            if (_members.TryAdd(key, value))
                return true;
            return _members[key] is RegoValue other && RegoOrder.Equal(other, value);
        }

        public void SetDefault(RegoValue key, RegoValue value) => _members.TryAdd(key, value);

        public bool TryAddElement(RegoValue key, RegoValue element)
        {
            if (!_members.TryGetValue(key, out var member))
                _members.Add(key, member = new RegoSetBuilder());
            if (member is not RegoSetBuilder elements)
                return false;
            elements.Add(element);
            return true;
        }

        public Branch? Descend(RegoValue key)
        {
            if (!_members.TryGetValue(key, out var member))
                _members.Add(key, member = new Branch());
            return member as Branch;
        }

        public RegoObject ToObject()
        {
            var pairs = new KeyValuePair<RegoValue, RegoValue>[_members.Count];
            var at = 0;
            foreach (var (key, member) in _members)
            {
                pairs[at++] = new(key, member switch
                {
                    RegoValue value => value,
                    RegoSetBuilder elements => elements.ToSet(),
                    _ => ((Branch)member).ToObject(),
                });
            }

            return RegoObject.Adopt(pairs);
        }
    }
}
