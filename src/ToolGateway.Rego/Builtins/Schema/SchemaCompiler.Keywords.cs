using ToolGateway.Rego.Builtins.Regexp;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Schema;

/// <summary>Keywords for objects, arrays, strings and numbers, in the order in which OPA's library looks at them: the first fault is the one it tells.</summary>
internal sealed partial class SchemaCompiler
{
    private void FillMembers(SchemaNode node, RegoObject map)
    {
        if (map.TryGetValue("properties", out var properties))
        {
            if (properties is RegoObject members)
                node.Properties = [.. members.Select(member => KeyValuePair.Create(((RegoString)member.Key).Value, Node(member.Value)))];
            else
                Fault("properties must be of type object");
        }

        node.AdditionalProperties = Additional(map, "additionalProperties");
        if (map.TryGetValue("patternProperties", out var patterns))
            FillPatterns(node, patterns);
        if (_draft > 4 && map.TryGetValue("propertyNames", out var names))
        {
            if (names is RegoObject or RegoBoolean)
                node.PropertyNames = Node(names);
            else
                Wrong("valid schema", "patternProperties");
        }

        if (map.TryGetValue("dependencies", out var dependencies))
            FillDependencies(node, dependencies);
    }

    private void FillPatterns(SchemaNode node, RegoValue patterns)
    {
        if (patterns is not RegoObject members)
        {
            Wrong("valid schema", "patternProperties");
            return;
        }

        var compiled = new List<(GoRegex, SchemaNode)>();
        foreach (var (key, value) in members.Members)
        {
            var pattern = ((RegoString)key).Value;
            if (Regex(pattern, $"Invalid regex pattern '{pattern}'") is { } regex)
                compiled.Add((regex, Node(value)));
        }

        node.PatternProperties = compiled;
    }

    private void FillDependencies(SchemaNode node, RegoValue dependencies)
    {
        if (dependencies is RegoObject members)
            node.Dependencies = members.ToDictionary(member => ((RegoString)member.Key).Value, member => Dependency(member.Value), StringComparer.Ordinal);
        else
            Fault("dependencies must be of type object");
    }

    private (IReadOnlyList<string> Names, SchemaNode? Schema) Dependency(RegoValue value)
    {
        if (value is RegoArray names && names.All(item => item is RegoString))
            return ([.. names.Select(item => ((RegoString)item).Value)], null);
        if (value is RegoObject or RegoBoolean)
            return ([], Node(value));
        Fault("dependency must be of type schema or array of strings");
        return ([], null);
    }

    private void FillItems(SchemaNode node, RegoObject map)
    {
        if (map.TryGetValue("items", out var items))
        {
            if (items is RegoArray positions && positions.All(static item => item is RegoObject or RegoBoolean))
                node.PositionalItems = [.. positions.Select(Node)];
            else if (items is RegoObject or RegoBoolean)
                node.Items = Node(items);
            else
                Wrong("valid schema/array of schemas", "items");
        }

        node.AdditionalItems = Additional(map, "additionalItems");
    }

    private SchemaNode? Additional(RegoObject map, string key)
    {
        if (!map.TryGetValue(key, out var value))
            return null;
        if (value is RegoBoolean { Value: var allowed })
            return new SchemaNode { Pass = allowed };
        if (value is RegoObject)
            return Node(value);
        Wrong("boolean/valid schema", key);
        return null;
    }

    private void FillNumbers(SchemaNode node, RegoObject map)
    {
        if (map.TryGetValue("multipleOf", out var multiple))
        {
            node.MultipleOf = multiple as RegoNumber;
            if (node.MultipleOf is null)
                Wrong("number", "multipleOf");
            else if (node.MultipleOf.CompareTo(RegoNumber.Of(0)) <= 0)
                Fault("multipleOf must be strictly greater than 0");
        }

        (node.Minimum, node.ExclusiveMinimum) = Bounds(map, "minimum", "exclusiveMinimum");
        (node.Maximum, node.ExclusiveMaximum) = Bounds(map, "maximum", "exclusiveMaximum");
    }

    // In draft 4 the exclusive bound is a flag on the bound beside it; later it is a number of its own.
    private (RegoNumber? Bound, RegoNumber? Exclusive) Bounds(RegoObject map, string key, string exclusiveKey)
    {
        var bound = map.TryGetValue(key, out var value) ? value as RegoNumber : null;
        if (value is not null && bound is null)
            Fault($"{key} must be of a number");
        if (!map.TryGetValue(exclusiveKey, out var exclusive))
            return (bound, null);
        if (exclusive is RegoNumber number && _draft != 4)
            return (bound, number);
        if (exclusive is not RegoBoolean { Value: var isExclusive } || _draft is 6 or 7)
            Wrong(_draft switch { 4 => "boolean", 6 or 7 => "number", _ => "boolean/number" }, exclusiveKey);
        else if (bound is null)
            Fault($"{exclusiveKey} cannot be used without {key}");
        else if (isExclusive)
            return (null, bound);
        return (bound, null);
    }

    private void FillText(SchemaNode node, RegoObject map)
    {
        node.MinLength = Count(map, "minLength");
        node.MaxLength = Count(map, "maxLength");
        if (node.MinLength > node.MaxLength)
            Fault("minLength cannot be greater than maxLength");
        if (Text(map, "pattern") is { } pattern && _checksPatterns && Regex(pattern, "pattern must be a valid regex") is { } regex)
            node.Pattern = (pattern, regex);
        node.Format = Text(map, "format");
    }

    private void FillObject(SchemaNode node, RegoObject map)
    {
        node.MinProperties = Count(map, "minProperties");
        node.MaxProperties = Count(map, "maxProperties");
        if (node.MinProperties > node.MaxProperties)
            Fault("minProperties cannot be greater than maxProperties");
        if (List(map, "required") is not { } required)
            return;
        var names = required.OfType<RegoString>().Select(static name => name.Value).ToArray();
        if (names.Length != required.Count)
            Wrong("string", "required");
        else if (names.Distinct(StringComparer.Ordinal).Count() != names.Length)
            Fault("required items must be unique");
        node.Required = names;
    }

    private void FillArray(SchemaNode node, RegoObject map)
    {
        node.MinItems = Count(map, "minItems");
        node.MaxItems = Count(map, "maxItems");
        if (map.TryGetValue("uniqueItems", out var unique))
        {
            node.UniqueItems = unique is RegoBoolean { Value: true };
            if (unique is not RegoBoolean)
                Fault("uniqueItems must be of a boolean");
        }

        if (_draft > 4 && map.TryGetValue("contains", out var contained))
            node.Contains = Node(contained);
    }

    private string? Text(RegoObject map, string key)
    {
        if (!map.TryGetValue(key, out var value))
            return null;
        if (value is not RegoString)
            Wrong("string", key);
        return (value as RegoString)?.Value;
    }

    private long? Count(RegoObject map, string key)
    {
        if (!map.TryGetValue(key, out var value))
            return null;
        if (value is RegoNumber number && number.TryGetInt64(out var count))
        {
            if (count < 0)
                Fault($"{key} must be greater than or equal to 0");
            return count;
        }

        Fault($"{key} must be of an integer");
        return null;
    }
}
