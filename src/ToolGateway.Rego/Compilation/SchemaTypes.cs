using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Builtins.Schema;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Types;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation;

/// <summary>What <c>schemas</c> annotations say of the types of input and base data within a rule. Of two for one path the one nearer to the rule counts.</summary>
internal sealed class SchemaTypes(CompilerState state)
{
    private readonly bool _hasAny = state.Modules.Exists(static unit => unit.Module.Annotations.Any(HasSchemas));
    private readonly Dictionary<RegoValue, RegoType?> _types = new(ReferenceEqualityComparer.Instance);
    private AnnotationIndex? _index;

    public Dictionary<RegoArray, RegoType> Of(RuleUnit unit)
    {
        var types = new Dictionary<RegoArray, RegoType>();
        if (!_hasAny || unit.IsQuery)
            return types;
        _index ??= new AnnotationIndex(state);
        foreach (var annotations in _index.Inward(unit))
        {
            if (!annotations.Content.TryGetValue("schemas", out var schemas))
                continue;
            foreach (var entry in ((RegoArray)schemas).Items)
                Add((RegoObject)entry, unit, types);
        }

        return types;
    }

    private void Add(RegoObject entry, RuleUnit unit, Dictionary<RegoArray, RegoType> types)
    {
        if (Schema(entry, unit) is not { } schema || !entry.TryGetValue("path", out var path))
            return;
        if (!_types.TryGetValue(schema, out var type))
            _types.Add(schema, type = Read(schema, unit));
        if (type is not null)
            types[(RegoArray)path] = type;
    }

    /// <summary>The schema written out, or the one that the host has under the name. Without any from the host names are not followed, as in OPA.</summary>
    private RegoValue? Schema(RegoObject entry, RuleUnit unit)
    {
        if (entry.TryGetValue("definition", out var definition))
            return definition;
        if (state.Options.Schemas is null || !entry.TryGetValue("schema", out var name))
            return null;
        RegoValue? found = state.Options.Schemas;
        foreach (var part in ((RegoArray)name).Items[1..])
            found = found is RegoObject map ? map.Find(part) : null;
        if (found is null)
            state.Error(RegoErrorCodes.Type, $"undefined schema: {string.Join('.', ((RegoArray)name).Select(static part => part is RegoString text ? text.Value : part.ToString()))}", unit.Rule.Location);
        return found;
    }

    private RegoType? Read(RegoValue schema, RuleUnit unit)
    {
        string? error;
        try
        {
            var context = new BuiltinContext(new EvaluationBudget(RegoLimits.Tooling, TimeProvider.System, CancellationToken.None));
            if (SchemaCompiler.Compile(context, schema, out error, checkPatterns: false) is { } node && SchemaTyping.Of(node, out error) is { } type)
                return type;
        }
        catch (RegoHaltException halt)
        {
            error = halt.Message;
        }

        state.Error(RegoErrorCodes.Type, $"unable to compile the schema: {error}", unit.Rule.Location);
        return null;
    }

    private static bool HasSchemas(Annotations annotations) => annotations.Content.TryGetValue("schemas", out _);
}
