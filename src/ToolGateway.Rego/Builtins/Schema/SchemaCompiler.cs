using ToolGateway.Rego.Builtins.Regexp;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Schema;

/// <summary>Compiles JSON Schema, drafts 4 to 7. The first fault ends it, in the words of OPA's library; references lead only within the document.</summary>
internal sealed partial class SchemaCompiler
{
    private static readonly string[] KnownTypes = ["array", "boolean", "integer", "number", "null", "object", "string"];

    private readonly BuiltinContext _context;
    private readonly RegoValue _root;
    private readonly Dictionary<RegoValue, SchemaNode> _nodes = new(ReferenceEqualityComparer.Instance);
    private string? _error;
    private bool _checksPatterns;

    /// <summary>The draft that the root names; without one, keywords of every draft hold.</summary>
    private int _draft = int.MaxValue;

    private SchemaCompiler(BuiltinContext context, RegoValue root) => (_context, _root) = (context, root);

    /// <summary>The compiled schema, or null and what is wrong with it.</summary>
    public static SchemaNode? Compile(BuiltinContext context, RegoValue schema, out string? error, bool checkPatterns = true)
    {
        var compiler = new SchemaCompiler(context, schema) { _checksPatterns = checkPatterns };
        compiler.FindDraft();
        var node = compiler.Node(schema);
        error = compiler._error;
        return error is null ? node : null;
    }

    private void FindDraft()
    {
        if (_root is not RegoObject and not RegoBoolean)
            Fault("schema is invalid");
        if (_root is not RegoObject map || !map.TryGetValue("$schema", out var url))
            return;
        if (url is not RegoString { Value: var text })
            Fault("$schema must be of type string");
        else if (text.TrimEnd('#') is "http://json-schema.org/draft-04/schema" or "http://json-schema.org/draft-06/schema" or "http://json-schema.org/draft-07/schema")
            _draft = text[30] - '0';
    }

    private SchemaNode Node(RegoValue schema)
    {
        if (schema is RegoBoolean flag && _draft > 4)
            return new SchemaNode { Pass = flag.Value };
        if (_nodes.TryGetValue(schema, out var known))
            return known;
        var node = _nodes[schema] = new SchemaNode();
        if (_error is not null)
            return node;
        _context.Spend(1, 400);
        _context.Budget.Enter();
        if (schema is RegoObject map)
            Fill(node, map);
        else
            Fault("Expected: valid schema, given: Invalid JSON");
        _context.Budget.Leave();
        return node;
    }

    private void Fill(SchemaNode node, RegoObject map)
    {
        Text(map, _draft == 4 || map.TryGetValue("id", out _) ? "id" : "$id");
        FillDefinitions(map);
        Text(map, "title");
        Text(map, "description");
        if (map.TryGetValue("$ref", out var reference))
        {
            if (reference is RegoString { Value: var pointer })
                node.Reference = Resolve(pointer);
            else
                Wrong("string", "$ref");
            return;
        }

        FillTypes(node, map);
        FillMembers(node, map);
        FillItems(node, map);
        FillNumbers(node, map);
        FillText(node, map);
        FillObject(node, map);
        FillArray(node, map);
        FillCombinations(node, map);
    }

    private SchemaNode? Resolve(string reference)
    {
        if (!reference.StartsWith('#'))
        {
            Fault($"reference {reference} leads out of the schema, which is off: put what it refers to under definitions");
            return null;
        }

        if (Find(reference[1..]) is { } target)
            return Node(target);
        Fault($"Object has no key '{reference[(reference.LastIndexOf('/') + 1)..]}'");
        return null;
    }

    private RegoValue? Find(string pointer)
    {
        if (pointer.Length > 0 && pointer[0] != '/')
            return FindNamed(_root, "#" + pointer);
        RegoValue? at = _root;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            if (!GoUrl.TryUnescape(part, plusIsSpace: false, out var decoded, out _))
                return null;
            var name = decoded.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            at = at switch
            {
                RegoObject map => map.TryGetValue(name, out var member) ? member : null,
                RegoArray array => int.TryParse(name, out var index) && index >= 0 && index < array.Count ? array[index] : null,
                _ => null,
            };
            if (at is null)
                return null;
        }

        return at;
    }

    private RegoValue? FindNamed(RegoValue value, string id)
    {
        _context.Budget.Step();
        if (value is RegoObject map)
        {
            if ((map.TryGetValue("$id", out var name) || map.TryGetValue("id", out name)) && name is RegoString { Value: var text } && text == id)
                return map;
            foreach (var (_, member) in map.Members)
            {
                if (FindNamed(member, id) is { } found)
                    return found;
            }
        }
        else if (value is RegoArray array)
        {
            foreach (var item in array.Items)
            {
                if (FindNamed(item, id) is { } found)
                    return found;
            }
        }

        return null;
    }

    private void FillTypes(SchemaNode node, RegoObject map)
    {
        if (!map.TryGetValue("type", out var type))
            return;
        if (type is RegoString one)
            node.Types = [one.Value];
        else if (type is RegoArray many && many.All(item => item is RegoString))
            node.Types = [.. many.Select(item => ((RegoString)item).Value)];
        else
            Wrong("type", "string/array of strings");
        foreach (var name in node.Types)
        {
            if (Array.IndexOf(KnownTypes, name) < 0)
                Fault($"has a primitive type that is NOT VALID -- given: /{name}/ Expected valid values are:[{string.Join(' ', KnownTypes)}]");
        }

        if (node.Types.Distinct(StringComparer.Ordinal).Count() != node.Types.Count)
            Fault($"type {node.Types.GroupBy(name => name).First(group => group.Count() > 1).Key} type is duplicated");
    }

    private void FillDefinitions(RegoObject map)
    {
        if (!map.TryGetValue("definitions", out var definitions))
            return;
        if (definitions is not RegoObject named || !named.All(static member => member.Value is RegoObject or RegoBoolean))
        {
            Wrong("array of schemas", "definitions");
            return;
        }

        foreach (var (_, definition) in named.Members)
            Node(definition);
    }

    private void FillCombinations(SchemaNode node, RegoObject map)
    {
        node.Const = map.TryGetValue("const", out var constant) && _draft > 4 ? constant : null;
        node.Enum = List(map, "enum");
        if (node.Enum is { } options && options.Distinct().Count() != options.Count)
            Fault("enum items must be unique");
        node.OneOf = Nodes(map, "oneOf");
        node.AnyOf = Nodes(map, "anyOf");
        node.AllOf = Nodes(map, "allOf");
        node.Not = Optional(map, "not");
        if (_draft < 7)
            return;
        node.If = Optional(map, "if");
        node.Then = Optional(map, "then");
        node.Else = Optional(map, "else");
    }

    private SchemaNode[] Nodes(RegoObject map, string key) => List(map, key) is { } list ? [.. list.Select(Node)] : [];

    private RegoArray? List(RegoObject map, string key)
    {
        if (!map.TryGetValue(key, out var value))
            return null;
        if (value is not RegoArray)
            Fault($"{key} must be of an array");
        return value as RegoArray;
    }

    private SchemaNode? Optional(RegoObject map, string key)
    {
        if (!map.TryGetValue(key, out var value))
            return null;
        if (value is RegoObject or RegoBoolean)
            return Node(value);
        Fault($"{key} must be of an object");
        return null;
    }

    private GoRegex? Regex(string pattern, string fault)
    {
        var regex = GoRegex.Compile(pattern, _context.Budget, out _);
        if (regex is null)
            Fault(fault);
        return regex;
    }

    private void Wrong(string expected, string key) => Fault($"Invalid type. Expected: {expected}, given: {key}");

    private void Fault(string message) => _error ??= message;
}
