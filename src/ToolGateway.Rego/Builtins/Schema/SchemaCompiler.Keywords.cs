using ToolGateway.Rego.Builtins.Regexp;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Schema;

/// <summary>Keywords for objects, arrays, strings and numbers.</summary>
internal sealed partial class SchemaCompiler
{
    private void FillObject(SchemaNode node, RegoObject map)
    {
        if (Members(map, "properties") is { } properties)
            node.Properties = [.. properties.Select(member => KeyValuePair.Create(((RegoString)member.Key).Value, Node(member.Value)))];
        if (Members(map, "patternProperties") is { } patterns)
        {
            var compiled = new List<(GoRegex, SchemaNode)>();
            foreach (var (key, value) in patterns.Members)
            {
                if (Regex(((RegoString)key).Value) is { } regex)
                    compiled.Add((regex, Node(value)));
            }

            node.PatternProperties = compiled;
        }

        node.AdditionalProperties = Optional(map, "additionalProperties");
        node.PropertyNames = Optional(map, "propertyNames");
        node.Required = Names(map, "required");
        node.MinProperties = Count(map, "minProperties");
        node.MaxProperties = Count(map, "maxProperties");
        if (node.MinProperties > node.MaxProperties)
            Fault("minProperties cannot be greater than maxProperties");
        if (Members(map, "dependencies") is { } dependencies)
            node.Dependencies = dependencies.ToDictionary(member => ((RegoString)member.Key).Value, member => Dependency(member.Value), StringComparer.Ordinal);
    }

    private (IReadOnlyList<string> Names, SchemaNode? Schema) Dependency(RegoValue value)
    {
        if (value is RegoArray names && names.All(item => item is RegoString))
            return ([.. names.Select(item => ((RegoString)item).Value)], null);
        if (value is RegoObject or RegoBoolean)
            return ([], Node(value));
        Wrong("string/array of strings", "dependencies");
        return ([], null);
    }

    private void FillArray(SchemaNode node, RegoObject map)
    {
        if (map.TryGetValue("items", out var items))
        {
            if (items is RegoArray positions)
                node.PositionalItems = [.. positions.Select(Node)];
            else if (items is RegoObject or RegoBoolean)
                node.Items = Node(items);
            else
                Wrong("array/object", "items");
        }

        node.AdditionalItems = Optional(map, "additionalItems");
        node.Contains = Optional(map, "contains");
        node.MinItems = Count(map, "minItems");
        node.MaxItems = Count(map, "maxItems");
        if (map.TryGetValue("uniqueItems", out var unique))
        {
            node.UniqueItems = unique is RegoBoolean { Value: true };
            if (unique is not RegoBoolean)
                Wrong("boolean", "uniqueItems");
        }
    }

    private void FillScalars(SchemaNode node, RegoObject map)
    {
        node.MinLength = Count(map, "minLength");
        node.MaxLength = Count(map, "maxLength");
        if (node.MinLength > node.MaxLength)
            Fault("minLength cannot be greater than maxLength");
        if (Text(map, "pattern") is { } pattern && Regex(pattern) is { } regex)
            node.Pattern = (pattern, regex);
        node.Format = Text(map, "format");
        node.MultipleOf = Number(map, "multipleOf");
        if (node.MultipleOf is { } multiple && multiple.CompareTo(RegoNumber.Of(0)) <= 0)
            Fault("multipleOf must be strictly greater than 0");
        node.Minimum = Number(map, "minimum");
        node.Maximum = Number(map, "maximum");

        // In draft 4 these are flags on the bound beside them.
        var hasFlag = map.TryGetValue("exclusiveMinimum", out var least) & least is RegoBoolean;
        node.ExclusiveMinimum = hasFlag ? least is RegoBoolean { Value: true } ? node.Minimum : null : Number(map, "exclusiveMinimum");
        hasFlag = map.TryGetValue("exclusiveMaximum", out var most) & most is RegoBoolean;
        node.ExclusiveMaximum = hasFlag ? most is RegoBoolean { Value: true } ? node.Maximum : null : Number(map, "exclusiveMaximum");
        if (least is RegoBoolean { Value: true })
            node.Minimum = null;
        if (most is RegoBoolean { Value: true })
            node.Maximum = null;
    }

    private RegoObject? Members(RegoObject map, string key)
    {
        if (!map.TryGetValue(key, out var value))
            return null;
        if (value is RegoObject members)
            return members;
        Wrong("object", key);
        return null;
    }

    private string[] Names(RegoObject map, string key)
    {
        if (!map.TryGetValue(key, out var value))
            return [];
        if (value is RegoArray list && list.All(item => item is RegoString))
            return [.. list.Select(item => ((RegoString)item).Value)];
        Wrong("array of strings", key);
        return [];
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

        Wrong("integer", key);
        return null;
    }

    private RegoNumber? Number(RegoObject map, string key)
    {
        if (!map.TryGetValue(key, out var value))
            return null;
        if (value is not RegoNumber)
            Wrong("number", key);
        return value as RegoNumber;
    }
}
