using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation;

/// <summary>Which variables a part of a tree uses: outside of closures, or within them.</summary>
internal sealed class VariableSets : SyntaxWalker
{
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, VarTerm>? _places;
    private readonly bool _enterClosures;
    private readonly bool _outputsOnly;
    private int _closures;

    private VariableSets(HashSet<string> names, bool enterClosures, bool outputsOnly, Dictionary<string, VarTerm>? places = null)
    {
        _names = names;
        _enterClosures = enterClosures;
        _outputsOnly = outputsOnly;
        _places = places;
    }

    /// <summary>Variables of an expression, without those in comprehensions, <c>every</c> and scoped negations.</summary>
    public static HashSet<string> Of(Expression expression, Dictionary<string, VarTerm>? places = null)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        new VariableSets(names, enterClosures: false, outputsOnly: false, places).Visit(expression);
        return names;
    }

    public static HashSet<string> Of(Term term, Dictionary<string, VarTerm>? places = null)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        new VariableSets(names, enterClosures: false, outputsOnly: false, places).Visit(term);
        return names;
    }

    public static HashSet<string> Of(Body body)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        new VariableSets(names, enterClosures: false, outputsOnly: false).Visit(body);
        return names;
    }

    /// <summary>Variables that occur within the closures of an expression.</summary>
    public static HashSet<string> InClosures(Expression expression)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        new VariableSets(names, enterClosures: true, outputsOnly: false).Visit(expression);
        return names;
    }

    /// <summary>Variables that matching the term against a value binds: not in sets, keys of objects, references or closures.</summary>
    public static void Pattern(Term term, HashSet<string> names) => new VariableSets(names, enterClosures: false, outputsOnly: true).Visit(term);

    protected override void VisitVariable(VarTerm variable)
    {
        if (_enterClosures && _closures == 0)
            return;
        _names.Add(variable.Name);
        _places?.TryAdd(variable.Name, variable);
    }

    protected override void VisitReference(RefTerm reference)
    {
        if (!_outputsOnly)
            base.VisitReference(reference);
    }

    protected override void VisitSet(SetTerm set)
    {
        if (!_outputsOnly)
            base.VisitSet(set);
    }

    protected override void VisitObject(ObjectTerm map)
    {
        if (!_outputsOnly)
        {
            base.VisitObject(map);
            return;
        }

        foreach (var (_, value) in map.Members)
            Visit(value);
    }

    protected override void VisitEvery(EveryExpression every)
    {
        Visit(every.Collection);
        if (!_enterClosures)
            return;
        _closures++;
        var inner = new HashSet<string>(StringComparer.Ordinal);
        new VariableSets(inner, enterClosures: false, outputsOnly: false).Visit(every.Body);
        inner.UnionWith(ClosuresWithin(every.Body));
        if (every.Key is VarTerm key)
            inner.Remove(key.Name);
        if (every.Value is VarTerm value)
            inner.Remove(value.Name);
        _names.UnionWith(inner);
        _closures--;
    }

    protected override void VisitClosure(Body body)
    {
        if (!_enterClosures)
            return;
        _closures++;
        Visit(body);
        _closures--;
    }

    protected override void VisitComprehension(Term comprehension)
    {
        if (!_enterClosures)
            return;
        _closures++;
        base.VisitComprehension(comprehension);
        _closures--;
    }

    private static HashSet<string> ClosuresWithin(Body body)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        new VariableSets(names, enterClosures: true, outputsOnly: false).Visit(body);
        return names;
    }
}
