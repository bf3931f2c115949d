using ToolGateway.Rego.Evaluation;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation.Planning;

internal sealed partial class BodyPlanner
{
    /// <summary>Goes on for every path of the reference that is there and whose value matches.</summary>
    private void PlanReference(RefTerm reference, Func<Pattern> target, Chain chain)
    {
        if (IsBound(reference))
        {
            var value = PlanReferenceValue(reference);
            var pattern = target();
            chain.Append(pattern is TruePattern ? new TestNode(value) : new MatchNode(value, pattern));
            return;
        }

        var (head, node, used) = PlanHead(reference);
        var operands = new RefOperand[reference.Operands.Count - used];
        for (var i = 0; i < operands.Length; i++)
        {
            var operand = reference.Operands[used + i];
            operands[i] = IsBound(operand) ? new RefOperand(PlanValue(operand), null) : new RefOperand(null, PlanPattern(operand));
        }

        var walk = new RefNode(head!, operands, target());
        if (node is null)
            chain.Append(walk);
        else
            chain.Append(new DocumentRefNode(node, operands, walk), walk);
    }

    private ValueExpression PlanReferenceValue(RefTerm reference)
    {
        var (head, node, used) = PlanHead(reference);
        if (node is null && used == reference.Operands.Count)
            return head!;
        ValueExpression[] operands = [.. reference.Operands.Skip(used).Select(PlanValue)];
        return node is null ? new RefValue(head!, operands) : new DocumentRefValue(node, operands);
    }

    /// <summary>
    /// The leading part of a reference that is known now, and how many operands it covers. Where the rest decides which rules are meant, it is a place in the document
    /// tree instead.
    /// </summary>
    private (ValueExpression? Head, DocumentNode? Node, int Used) PlanHead(RefTerm reference)
    {
        if (!TermFacts.IsRooted(reference))
            return (PlanValue(reference.Head), null, 0);
        if (TermFacts.IsInput(reference))
        {
            var keys = ConstantKeys(reference, 0);
            return (keys.Length == 0 ? new InputValue() : policy.InputFact(keys), null, keys.Length);
        }

        var node = policy.Root;
        for (var at = 0; ; at++)
        {
            if (node.Document is { } document)
                return PlanDocument(reference, document, node.Path, at);
            if (at == reference.Operands.Count)
                return (new ExtentValue(node), null, at);
            if (!TermFacts.TryConstant(reference.Operands[at], out var key))
                return (null, node, at);
            if (node.Child(key) is not { } child)
            {
                var keys = ConstantKeys(reference, 0);
                return (new DataPathValue(keys), null, keys.Length);
            }

            if (child.IsFunction)
                return (null, node, at);
            node = child;
        }
    }

    private (ValueExpression Head, DocumentNode? Node, int Used) PlanDocument(RefTerm reference, VirtualDocument document, RegoValue[] path, int used)
    {
        if (document is PartialDocument partial && used < reference.Operands.Count && IsBound(reference.Operands[used]))
        {
            policy.WantMembers(partial);
            return (new RuleMemberValue(document, path, PlanValue(reference.Operands[used])), null, used + 1);
        }

        return (new RuleValue(document, path), null, used);
    }

    private RegoValue[] ConstantKeys(RefTerm reference, int from)
    {
        var keys = new List<RegoValue>();
        for (var i = from; i < reference.Operands.Count && TermFacts.TryConstant(reference.Operands[i], out var key); i++)
            keys.Add(policy.Intern(key));
        return [.. keys];
    }
}
