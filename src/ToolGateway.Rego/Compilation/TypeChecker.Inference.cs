using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Types;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation;

internal sealed partial class TypeChecker
{
    private readonly Dictionary<Term, RegoType> _closures = new(ReferenceEqualityComparer.Instance);

    /// <summary>The type of a term as far as it is known; null when a variable in it has none yet.</summary>
    public RegoType? TypeOf(Term term, TypeScope scope) => term switch
    {
        ScalarTerm scalar => TypeOps.OfValue(scalar.Value),
        VarTerm variable => scope[variable.Name],
        RefTerm reference => TypeOfReference(reference, scope),
        ArrayTerm array => TypeOfArray(array, scope),
        SetTerm set => TypeOfSet(set, scope),
        ObjectTerm map => TypeOfObject(map, scope),
        _ => _closures.GetValueOrDefault(term) ?? RegoType.Any,
    };

    private ArrayType? TypeOfArray(ArrayTerm array, TypeScope scope)
    {
        var items = new RegoType[array.Items.Count];
        for (var i = 0; i < items.Length; i++)
        {
            if (TypeOf(array.Items[i], scope) is not { } type)
                return null;
            items[i] = type;
        }

        return new ArrayType(items, null);
    }

    private SetType? TypeOfSet(SetTerm set, TypeScope scope)
    {
        RegoType? element = null;
        foreach (var item in set.Items)
        {
            if (TypeOf(item, scope) is not { } type)
                return null;
            element = TypeOps.Or(element, type);
        }

        return new SetType(Known(element));
    }

    private ObjectType? TypeOfObject(ObjectTerm map, TypeScope scope)
    {
        var members = new List<ObjectTypeMember>();
        RegoType? dynamicKey = null;
        RegoType? dynamicValue = null;
        foreach (var (key, value) in map.Members)
        {
            if (TypeOf(key, scope) is not { } keyType || TypeOf(value, scope) is not { } type)
                return null;
            if (TermFacts.TryConstant(key, out var constant))
            {
                members.Add(new ObjectTypeMember(constant, type));
                continue;
            }

            dynamicKey = TypeOps.Or(dynamicKey, keyType);
            dynamicValue = TypeOps.Or(dynamicValue, type);
        }

        return new ObjectType(members, dynamicKey, dynamicValue);
    }

    private RegoType TypeOfReference(RefTerm reference, TypeScope scope)
    {
        var type = Root(reference, scope, out var used);
        for (var i = used; i < reference.Operands.Count && type is not (null or AnyType); i++)
        {
            type = TermFacts.TryConstant(reference.Operands[i], out var key) && reference.Operands[i] is ScalarTerm
                ? TypeOps.Select(type, key)
                : TypeOps.Values(type);
        }

        return Known(type);
    }

    /// <summary>The type of what a reference begins with (a variable, or the rules that its first operands name), and how many operands that took.</summary>
    private RegoType? Root(RefTerm reference, TypeScope scope, out int used)
    {
        used = 0;
        if (reference.Head is not VarTerm head)
            return RegoType.Any;
        if (!TermFacts.IsRooted(reference))
            return scope[head.Name];
        if (TermFacts.IsInput(reference) ? scope.IsInputReplaced : scope.IsReplaced)
            return RegoType.Any;
        if (schemas.Count > 0 && Described(reference, head, out used) is { } described)
            return described;
        if (TermFacts.IsInput(reference))
            return RegoType.Any;
        var node = rules.State.Tree.Find(reference.Operands, out used);
        return node is { Rules.Count: > 0, IsFunction: false } && used >= node.Path.Length ? rules.OfDocument(node) : RegoType.Any;
    }

    /// <summary>The type that a schema states for the longest beginning of the reference.</summary>
    private RegoType? Described(RefTerm reference, VarTerm head, out int used)
    {
        var path = new List<RegoValue> { new RegoString(head.Name) };
        foreach (var operand in reference.Operands)
        {
            if (!TermFacts.TryConstant(operand, out var key))
                break;
            path.Add(key);
        }

        for (; path.Count > 0; path.RemoveAt(path.Count - 1))
        {
            used = path.Count - 1;
            if (schemas.TryGetValue(RegoArray.From(path), out var type))
                return type;
        }

        used = 0;
        return null;
    }
}
