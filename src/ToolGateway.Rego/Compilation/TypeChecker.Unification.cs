using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Types;

namespace ToolGateway.Rego.Compilation;

internal sealed partial class TypeChecker
{
    /// <summary>Matches a term against a type; variables without one take it. <paramref name="widen"/>: the type is one alternative of several.</summary>
    private bool Unify(Term term, RegoType type, TypeScope scope, bool widen = false)
    {
        switch (term)
        {
            case VarTerm variable:
                return UnifyVariable(variable, type, scope, widen);
            case ArrayTerm or SetTerm or ObjectTerm when type is AnyType:
                UnifyAll(term, scope);
                return true;
            case ArrayTerm or SetTerm or ObjectTerm when type is UnionType union:
                var found = false;
                foreach (var member in union.Members)
                    found |= Unify(term, member, scope, widen: true);
                return found;
            case ArrayTerm array:
                return type is ArrayType items && UnifyArray(array, items, scope, widen);
            case SetTerm set:
                return type is SetType elements && set.Items.All(item => Unify(item, elements.Element, scope, widen));
            case ObjectTerm map:
                return type is ObjectType members && UnifyObject(map, members, scope, widen);
            default:
                return TypeUnifier.Unifies(Known(TypeOf(term, scope)), type);
        }
    }

    private static bool UnifyVariable(VarTerm variable, RegoType type, TypeScope scope, bool widen)
    {
        var known = scope[variable.Name];
        if (known is not null && !widen)
            return TypeUnifier.Unifies(known, type);
        scope.Set(variable.Name, TypeOps.Or(known, type)!);
        return true;
    }

    private void UnifyAll(Term term, TypeScope scope)
    {
        IEnumerable<Term> parts = term switch
        {
            ArrayTerm array => array.Items,
            SetTerm set => set.Items,
            ObjectTerm map => map.Members.SelectMany(static member => new[] { member.Key, member.Value }),
            _ => [],
        };
        foreach (var part in parts)
            Unify(part, RegoType.Any, scope, widen: part is VarTerm variable && scope[variable.Name] is null);
    }

    private bool UnifyArray(ArrayTerm array, ArrayType type, TypeScope scope, bool widen)
    {
        if (array.Items.Count != type.Static.Count && type.Dynamic is null)
            return false;
        for (var i = 0; i < array.Items.Count; i++)
        {
            if (TypeOps.ItemAt(type, i) is not { } item || !Unify(array.Items[i], item, scope, widen))
                return false;
        }

        return true;
    }

    private bool UnifyObject(ObjectTerm map, ObjectType type, TypeScope scope, bool widen)
    {
        if (map.Members.Count != type.Static.Count && type.DynamicValue is null)
            return false;
        foreach (var (key, value) in map.Members)
        {
            if (!TermFacts.TryConstant(key, out var constant))
                Unify(value, RegoType.Any, scope, widen);
            else if (TypeOps.MemberAt(type, constant) is not { } member || !Unify(value, member, scope, widen))
                return false;
        }

        return true;
    }

    /// <summary>Both sides have variables without a type.</summary>
    private bool UnifyUnknown(Term left, Term right, TypeScope scope)
    {
        switch (left, right)
        {
            case (VarTerm, VarTerm):
                return Unify(left, RegoType.Any, scope) && Unify(right, RegoType.Any, scope);
            case (VarTerm, _):
                UnifyAll(right, scope);
                return Unify(left, Known(TypeOf(right, scope)), scope);
            case (_, VarTerm):
                return UnifyUnknown(right, left, scope);
            case (ArrayTerm a, ArrayTerm b):
                return a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => UnifyPair(pair.First, pair.Second, scope));
            case (ObjectTerm a, ObjectTerm b):
                return a.Members.Count == b.Members.Count && UnifyMembers(a, b, scope);
            default:
                UnifyAll(left, scope);
                UnifyAll(right, scope);
                return true;
        }
    }

    private bool UnifyPair(Term left, Term right, TypeScope scope) => (TypeOf(left, scope), TypeOf(right, scope)) switch
    {
        (null, { } type) => Unify(left, type, scope),
        ({ } type, null) => Unify(right, type, scope),
        ({ } a, { } b) => TypeUnifier.Unifies(a, b),
        _ => UnifyUnknown(left, right, scope),
    };

    private bool UnifyMembers(ObjectTerm a, ObjectTerm b, TypeScope scope)
    {
        foreach (var (key, value) in a.Members)
        {
            if (!TermFacts.TryConstant(key, out var constant))
            {
                Unify(value, RegoType.Any, scope);
                continue;
            }

            foreach (var (otherKey, otherValue) in b.Members)
            {
                if (TermFacts.TryConstant(otherKey, out var other) && other.Equals(constant) && !UnifyPair(value, otherValue, scope))
                    return false;
            }
        }

        UnifyAll(a, scope);
        UnifyAll(b, scope);
        return true;
    }
}
