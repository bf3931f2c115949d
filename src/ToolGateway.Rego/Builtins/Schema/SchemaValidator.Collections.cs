using System.Globalization;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Schema;

/// <summary>Combinations of schemas, arrays and objects.</summary>
internal sealed partial class SchemaValidator
{
    private void CheckCombinations(SchemaNode schema, RegoValue value, SchemaReport report, string path)
    {
        if (schema.AnyOf.Count > 0)
            CheckAlternatives(schema.AnyOf, value, report, path, exactlyOne: false);
        if (schema.OneOf.Count > 0)
            CheckAlternatives(schema.OneOf, value, report, path, exactlyOne: true);
        CheckAll(schema.AllOf, value, report, path);
        if (schema.Not is { } not && Sub(not, value, path).IsValid)
            report.Add(context, path, "number_not", "Must not validate the schema (not)");
        if (value is RegoObject map)
            CheckDependencies(schema, map, report, path);
        if (schema.If is { } condition)
            CheckCondition(schema, Sub(condition, value, path).IsValid, value, report, path);
        report.Passed();
    }

    private void CheckAlternatives(IReadOnlyList<SchemaNode> alternatives, RegoValue value, SchemaReport report, string path, bool exactlyOne)
    {
        var passed = 0;
        SchemaReport? best = null;
        foreach (var alternative in alternatives)
        {
            var result = Sub(alternative, value, path);
            if (result.IsValid)
                passed++;
            else if (passed == 0 && (best is null || result.Score > best.Score))
                best = result;
            if (passed == 1 && !exactlyOne)
                return;
        }

        if (exactlyOne && passed == 1)
            return;
        if (exactlyOne)
            report.Add(context, path, "number_one_of", "Must validate one and only one schema (oneOf)");
        else
            report.Add(context, path, "number_any_of", "Must validate at least one schema (anyOf)");
        if (passed == 0 && best is not null)
            report.Merge(best);
    }

    private void CheckAll(IReadOnlyList<SchemaNode> schemas, RegoValue value, SchemaReport report, string path)
    {
        var passed = 0;
        foreach (var schema in schemas)
        {
            var result = Sub(schema, value, path);
            passed += result.IsValid ? 1 : 0;
            if (!result.IsValid)
                report.Merge(result);
        }

        if (passed != schemas.Count)
            report.Add(context, path, "number_all_of", "Must validate all the schemas (allOf)");
    }

    private void CheckCondition(SchemaNode schema, bool holds, RegoValue value, SchemaReport report, string path)
    {
        if ((holds ? schema.Then : schema.Else) is not { } consequence)
            return;
        var result = Sub(consequence, value, path);
        if (result.IsValid)
            return;
        report.Add(
            context,
            path,
            holds ? "condition_then" : "condition_else",
            holds ? "Must validate \"then\" as \"if\" was valid" : "Must validate \"else\" as \"if\" was not valid");
        report.Merge(result);
    }

    private void CheckDependencies(SchemaNode schema, RegoObject map, SchemaReport report, string path)
    {
        foreach (var (name, dependency) in schema.Dependencies)
        {
            if (!map.TryGetValue(name, out _))
                continue;
            foreach (var needed in dependency.Names)
            {
                if (!map.TryGetValue(needed, out _))
                    report.Add(context, path, "missing_dependency", $"Has a dependency on {needed}");
            }

            if (dependency.Schema is { } whole)
                Check(whole, map, report, path);
        }
    }

    private void CheckArray(SchemaNode schema, RegoArray array, SchemaReport report, string path)
    {
        for (var i = 0; i < array.Count; i++)
        {
            var below = schema.Items ?? (i < schema.PositionalItems.Count ? schema.PositionalItems[i] : null);
            if (below is null && schema.PositionalItems.Count > 0 && schema.AdditionalItems is { Pass: null } additional)
                below = additional;
            if (below is not null)
                report.Merge(Sub(below, array[i], Below(path, i.ToString(CultureInfo.InvariantCulture))));
        }

        if (schema.PositionalItems.Count > 0 && array.Count > schema.PositionalItems.Count && schema.AdditionalItems is { Pass: false })
            report.Add(context, path, "array_no_additional_items", "No additional items allowed on array");
        if (array.Count < schema.MinItems)
            report.Add(context, path, "array_min_items", $"Array must have at least {schema.MinItems} items");
        if (array.Count > schema.MaxItems)
            report.Add(context, path, "array_max_items", $"Array must have at most {schema.MaxItems} items");
        if (schema.UniqueItems)
            CheckUnique(array, report, path);
        if (schema.Contains is { } contained)
            CheckContains(contained, array, report, path);
        report.Passed();
    }

    private void CheckUnique(RegoArray array, SchemaReport report, string path)
    {
        var seen = new Dictionary<RegoValue, int>();
        context.Spend(array.Count, 32);
        for (var j = 0; j < array.Count; j++)
        {
            if (seen.TryGetValue(array[j], out var i))
                report.Add(context, path, "unique", $"array items[{i},{j}] must be unique");
            seen[array[j]] = j;
        }
    }

    private void CheckContains(SchemaNode contained, RegoArray array, SchemaReport report, string path)
    {
        SchemaReport? best = null;
        for (var i = 0; i < array.Count; i++)
        {
            var result = Sub(contained, array[i], Below(path, i.ToString(CultureInfo.InvariantCulture)));
            if (result.IsValid)
                return;
            if (best is null || result.Score > best.Score)
                best = result;
        }

        report.Add(context, path, "contains", "At least one of the items must match");
        if (best is not null)
            report.Merge(best);
    }

    private void CheckObject(SchemaNode schema, RegoObject map, SchemaReport report, string path)
    {
        if (map.Count < schema.MinProperties)
            report.Add(context, path, "array_min_properties", $"Must have at least {schema.MinProperties} properties");
        if (map.Count > schema.MaxProperties)
            report.Add(context, path, "array_max_properties", $"Must have at most {schema.MaxProperties} properties");
        foreach (var name in schema.Required)
        {
            if (map.TryGetValue(name, out _))
                report.Passed();
            else
                report.Add(context, path, "required", $"{name} is required");
        }

        foreach (var (key, value) in map.Members)
            CheckMember(schema, ((RegoString)key).Value, value, report, path);
        if (schema.PropertyNames is { } names)
            CheckNames(names, map, report, path);
        report.Passed();
        foreach (var (name, below) in schema.Properties)
        {
            if (map.TryGetValue(name, out var value))
                Check(below, value, report, Below(path, name));
        }
    }

    private void CheckMember(SchemaNode schema, string name, RegoValue value, SchemaReport report, string path)
    {
        context.Budget.Step();
        var isKnown = schema.Properties.Any(property => property.Key == name);
        var matched = false;
        foreach (var (pattern, below) in schema.PatternProperties)
        {
            if (!pattern.IsMatch(name, context.Budget))
                continue;
            matched = true;
            report.Merge(Sub(below, value, Below(path, name)));
        }

        if (matched)
            report.Passed();
        if (isKnown || matched || schema.AdditionalProperties is not { } additional)
            return;
        if (additional.Pass is false)
            report.Add(context, path, "additional_property_not_allowed", $"Additional property {name} is not allowed");
        else
            report.Merge(Sub(additional, value, Below(path, name)));
    }

    private void CheckNames(SchemaNode names, RegoObject map, SchemaReport report, string path)
    {
        foreach (var (key, _) in map.Members)
        {
            var result = Sub(names, key, path);
            if (result.IsValid)
                continue;
            report.Add(context, path, "invalid_property_name", $"Property name of {GoQuote.Quote(((RegoString)key).Value)} does not match");
            report.Merge(result);
        }
    }
}
