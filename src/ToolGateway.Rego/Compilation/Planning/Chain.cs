using ToolGateway.Rego.Evaluation;

namespace ToolGateway.Rego.Compilation.Planning;

/// <summary>Links the nodes of a body in the order in which they run.</summary>
internal sealed class Chain
{
    private const int GuardInterval = 48;
    private Node? _last;
    private int _untilGuard = GuardInterval;

    public Node? First { get; private set; }

    public void Append(Node node) => Append(node, node);

    /// <summary>Appends a node of which another one continues the body.</summary>
    public void Append(Node first, Node last)
    {
        if (--_untilGuard == 0)
        {
            _untilGuard = GuardInterval;
            var guard = new StackGuardNode();
            Append(guard, guard);
        }

        if (_last is null)
            First = first;
        else
            _last.Next = first;
        _last = last;
    }
}
