using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Compilation;

/// <summary>Orders the expressions of a body so that every variable is bound before it is needed, and says which can never be.</summary>
internal sealed class BodySafety(OutputVariables outputs)
{
    /// <summary>Variables that nothing binds, with one place where each stands.</summary>
    public List<(string Name, SourceLocation Location)> Unsafe { get; } = [];

    public Body Reorder(Body body, HashSet<string> globals)
    {
        var items = new List<Item>(body.Expressions.Count);
        var safe = new HashSet<string>(globals, StringComparer.Ordinal);
        var all = new HashSet<string>(StringComparer.Ordinal);
        var hasClosures = false;
        for (var i = 0; i < body.Expressions.Count; i++)
        {
            var item = new Item(body.Expressions[i]);
            items.Add(item);
            all.UnionWith(item.Variables);
            hasClosures |= item.Closed.Count > 0;
        }

        var ordered = new List<Expression>(items.Count);
        var bound = new HashSet<string>(StringComparer.Ordinal);
        while (items.Count > 0)
        {
            var placed = items.RemoveAll(item =>
            {
                if (!CanPlace(item, safe, bound, all, globals, out var produced))
                    return false;
                ordered.Add(item.Expression);
                safe.UnionWith(produced);
                bound.UnionWith(produced);
                return true;
            });
            if (placed == 0)
                break;
        }

        foreach (var item in items)
            Report(item, safe, all);
        ordered.AddRange(items.Select(static item => item.Expression));
        return body with { Expressions = hasClosures ? ReorderClosures(ordered, globals) : ordered };
    }

    private bool CanPlace(
        Item item, HashSet<string> safe, HashSet<string> bound, HashSet<string> all, HashSet<string> globals, out HashSet<string> produced)
    {
        produced = outputs.Of(item.Expression, safe);
        foreach (var name in item.Closed)
        {
            if (all.Contains(name) && !globals.Contains(name) && !bound.Contains(name))
                return false;
        }

        foreach (var name in item.Variables)
        {
            if (!safe.Contains(name) && !produced.Contains(name))
                return false;
        }

        return true;
    }

    private void Report(Item item, HashSet<string> safe, HashSet<string> all)
    {
        foreach (var name in item.Variables.Concat(item.Closed.Where(all.Contains)).Distinct(StringComparer.Ordinal))
        {
            if (!safe.Contains(name))
                Unsafe.Add((name, item.PlaceOf(name)));
        }
    }

    private List<Expression> ReorderClosures(List<Expression> expressions, HashSet<string> globals)
    {
        var known = new HashSet<string>(globals, StringComparer.Ordinal);
        for (var i = 0; i < expressions.Count; i++)
        {
            if (i > 0)
                known.UnionWith(VariableSets.Of(expressions[i - 1]));
            expressions[i] = new ClosureRewriter(this, known).Rewrite(expressions[i]);
        }

        return expressions;
    }

    private sealed class Item
    {
        private readonly Dictionary<string, VarTerm> _places = new(StringComparer.Ordinal);

        public Item(Expression expression)
        {
            Expression = expression;
            Variables = VariableSets.Of(expression, _places);
            Closed = VariableSets.InClosures(expression);
        }

        public Expression Expression { get; }

        public HashSet<string> Variables { get; }

        public HashSet<string> Closed { get; }

        public SourceLocation PlaceOf(string name) => _places.TryGetValue(name, out var variable) ? variable.Location : Expression.Location;
    }

    /// <summary>Does the same for the bodies within an expression.</summary>
    private sealed class ClosureRewriter(BodySafety owner, HashSet<string> known) : SyntaxRewriter
    {
        public override Body Rewrite(Body body) => owner.Reorder(body, known);

        public override Expression Rewrite(Expression expression)
        {
            if (expression is NotExpression { IsScoped: false } not)
                return not with { Body = not.Body with { Expressions = [.. not.Body.Expressions.Select(base.Rewrite)] } };
            return base.Rewrite(expression);
        }

        protected override Expression RewriteEvery(EveryExpression every)
        {
            var inner = new HashSet<string>(known, StringComparer.Ordinal);
            VariableSets.Pattern(every.Value, inner);
            if (every.Key is not null)
                VariableSets.Pattern(every.Key, inner);
            return every with { Collection = Rewrite(every.Collection), Body = owner.Reorder(every.Body, inner) };
        }

        protected override Term RewriteComprehension(Term comprehension)
        {
            var result = comprehension switch
            {
                ArrayComprehension array => array with { Body = owner.Reorder(array.Body, known) },
                SetComprehension set => set with { Body = owner.Reorder(set.Body, known) },
                ObjectComprehension map => (Term)(map with { Body = owner.Reorder(map.Body, known) }),
                _ => comprehension,
            };
            owner.CheckHead(result, known);
            return result;
        }
    }

    private void CheckHead(Term comprehension, HashSet<string> known)
    {
        var (body, heads) = comprehension switch
        {
            ArrayComprehension array => (array.Body, new[] { array.Head }),
            SetComprehension set => (set.Body, [set.Head]),
            ObjectComprehension map => (map.Body, [map.Key, map.Value]),
            _ => throw new InvalidOperationException("not a comprehension"),
        };
        var bound = VariableSets.Of(body);
        foreach (var head in heads)
        {
            var places = new Dictionary<string, VarTerm>(StringComparer.Ordinal);
            foreach (var name in VariableSets.Of(head, places))
            {
                if (!bound.Contains(name) && !known.Contains(name))
                    Unsafe.Add((name, places[name].Location));
            }
        }
    }
}
