using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation;

/// <summary>Annotations by what they apply to.</summary>
internal sealed class AnnotationIndex
{
    private const string ScopeMember = "scope";
    private readonly Dictionary<RegoArray, Annotations> _documents = [];
    private readonly Dictionary<RegoArray, List<Annotations>> _packages = [];
    private readonly Dictionary<RegoArray, List<Annotations>> _subpackages = [];

    public AnnotationIndex(CompilerState state)
    {
        foreach (var module in state.Modules)
        {
            var path = PathOf(module);
            foreach (var annotations in module.Module.Annotations)
            {
                if (annotations.Scope == "package")
                    Add(_packages, path, annotations);
                else if (annotations.Scope == "subpackages")
                    Add(_subpackages, path, annotations);
            }
        }

        foreach (var unit in state.Rules)
        {
            foreach (var annotations in unit.Source.Annotations)
            {
                if (annotations.Scope == "document")
                    _documents.TryAdd(PathOf(unit), annotations);
            }
        }
    }

    /// <summary>What <c>rego.metadata.rule()</c> gives.</summary>
    public static RegoObject OfRule(RuleUnit unit)
    {
        foreach (var annotations in unit.Source.Annotations)
        {
            if (annotations.Scope == "rule")
                return Content(annotations);
        }

        return RegoObject.Empty;
    }

    /// <summary>What <c>rego.metadata.chain()</c> gives: from the rule outwards.</summary>
    public RegoArray Chain(RuleUnit unit)
    {
        var path = PathOf(unit);
        var entries = new List<RegoValue>();
        foreach (var annotations in unit.Source.Annotations)
        {
            if (annotations.Scope == "rule")
                entries.Add(Entry(path, annotations));
        }

        if (entries.Count == 0)
            entries.Add(Entry(path, null));
        if (_documents.TryGetValue(path, out var document))
            entries.Add(Entry(path, document));
        var package = PathOf(unit.Module);
        AddAll(entries, _packages, package);
        for (var length = package.Count; length >= 0; length--)
            AddAll(entries, _subpackages, RegoArray.Of(package.Items[..length]));
        return RegoArray.From(entries);
    }

    /// <summary>Every annotation that applies to a rule, from the outermost package inwards.</summary>
    public IEnumerable<Annotations> Inward(RuleUnit unit)
    {
        var package = PathOf(unit.Module);
        for (var length = 0; length <= package.Count; length++)
        {
            foreach (var annotations in _subpackages.GetValueOrDefault(RegoArray.Of(package.Items[..length])) ?? [])
                yield return annotations;
        }

        foreach (var annotations in _packages.GetValueOrDefault(package) ?? [])
            yield return annotations;
        if (_documents.TryGetValue(PathOf(unit), out var document))
            yield return document;
        foreach (var annotations in unit.Source.Annotations)
        {
            if (annotations.Scope == "rule")
                yield return annotations;
        }
    }

    private static void AddAll(List<RegoValue> entries, Dictionary<RegoArray, List<Annotations>> from, RegoArray path)
    {
        if (!from.TryGetValue(path, out var found))
            return;
        foreach (var annotations in found)
            entries.Add(Entry(path, annotations));
    }

    private static RegoObject Entry(RegoArray path, Annotations? annotations)
    {
        var entry = new RegoObjectBuilder();
        entry.Set("path", path);
        if (annotations is not null)
            entry.Set("annotations", Content(annotations));
        return entry.ToObject();
    }

    private static RegoObject Content(Annotations annotations)
    {
        if (annotations.Content.TryGetValue(ScopeMember, out _))
            return annotations.Content;
        return RegoObject.From(annotations.Content.Append(new(new RegoString(ScopeMember), new RegoString(annotations.Scope))));
    }

    private static void Add(Dictionary<RegoArray, List<Annotations>> index, RegoArray path, Annotations annotations)
    {
        if (!index.TryGetValue(path, out var list))
            index.Add(path, list = []);
        list.Add(annotations);
    }

    private static RegoArray PathOf(ModuleUnit module) => Constants(module.Module.Package.Path.Operands);

    private static RegoArray PathOf(RuleUnit unit) => Constants(unit.Rule.Head.Reference.Operands);

    private static RegoArray Constants(IReadOnlyList<Term> operands)
    {
        var path = new List<RegoValue>(operands.Count);
        foreach (var operand in operands)
        {
            if (!TermFacts.TryConstant(operand, out var key))
                break;
            path.Add(key);
        }

        return RegoArray.From(path);
    }
}
