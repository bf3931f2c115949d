using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.GraphQl;

/// <summary>Type systems.</summary>
internal sealed partial class Parser
{
    private static readonly HashSet<string> DirectiveLocations = new(StringComparer.Ordinal)
    {
        "QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT", "VARIABLE_DEFINITION", "SCHEMA", "SCALAR",
        "OBJECT", "FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INTERFACE", "UNION", "ENUM", "ENUM_VALUE", "INPUT_OBJECT", "INPUT_FIELD_DEFINITION",
    };

    private RegoObject ParseSchemaDocument()
    {
        var lists = new Dictionary<string, List<RegoValue>>(StringComparer.Ordinal);
        while (!Failed && _token.Kind != TokenKind.End)
        {
            var start = _token;
            var description = ParseDescription();
            if (_token.IsName("schema"))
                Add("Schema", ParseSchemaDefinition(description));
            else if (_token.IsName("directive"))
                Add("Directives", ParseDirectiveDefinition(description));
            else if (_token.IsName("extend"))
                ParseExtension(start, description, Add);
            else if (DefinitionKind(_token) is { } kind)
                Add("Definitions", ParseDefinition(kind, description, extension: false));
            else
                Unexpected(_token);
        }

        void Add(string list, RegoObject node)
        {
            if (!lists.TryGetValue(list, out var items))
                lists[list] = items = [];
            items.Add(node);
        }

        return Node.Make([.. lists.Select(pair => (pair.Key, (RegoValue?)Node.List(pair.Value)))]);
    }

    private static string? DefinitionKind(Token keyword) => keyword.Kind != TokenKind.Name ? null : keyword.Text switch
    {
        "scalar" => "SCALAR",
        "type" => "OBJECT",
        "interface" => "INTERFACE",
        "union" => "UNION",
        "enum" => "ENUM",
        "input" => "INPUT_OBJECT",
        _ => null,
    };

    private string ParseDescription() => _token.Kind is TokenKind.String or TokenKind.BlockString ? Next().Text : "";

    private void ParseExtension(Token start, string description, Action<string, RegoObject> add)
    {
        if (description.Length > 0)
        {
            Unexpected(start);
            return;
        }

        ExpectKeyword("extend");
        if (_token.IsName("schema"))
        {
            var schema = ParseSchemaDefinition("");
            if (!schema.Has("Directives") && !schema.Has("OperationTypes"))
                Unexpected(_token);
            add("SchemaExtension", schema);
        }
        else if (DefinitionKind(_token) is { } kind)
        {
            add("Extensions", ParseDefinition(kind, "", extension: true));
        }
        else
        {
            Unexpected(_token);
        }
    }

    private RegoObject ParseSchemaDefinition(string description)
    {
        var start = _token;
        ExpectKeyword("schema");
        var directives = ParseDirectives(constant: true);
        var operations = Between("{", "}", some: true, ParseOperationType);
        return At(start, Node.Make(("Description", Node.Text(description)), ("Directives", directives), ("OperationTypes", operations)));
    }

    private RegoObject ParseOperationType()
    {
        var start = Next();
        if (start is not { Kind: TokenKind.Name, Text: "query" or "mutation" or "subscription" })
            Unexpected(start);
        Expect(":");
        return At(start, Node.Make(("Operation", Node.Text(start.Text)), ("Type", Node.Text(ParseName()))));
    }

    private RegoObject ParseDefinition(string kind, string description, bool extension)
    {
        var start = Next();
        var name = ParseName();
        var interfaces = kind is "OBJECT" or "INTERFACE" ? ParseInterfaces() : RegoArray.Empty;
        var directives = ParseDirectives(constant: true);
        var fields = kind switch
        {
            "OBJECT" or "INTERFACE" => Between("{", "}", some: true, ParseFieldDefinition),
            "INPUT_OBJECT" => Between("{", "}", some: true, ParseInputValue),
            _ => RegoArray.Empty,
        };
        var types = kind == "UNION" ? ParseMembers() : RegoArray.Empty;
        var values = kind == "ENUM" ? Between("{", "}", some: true, ParseEnumValue) : RegoArray.Empty;
        if (extension && interfaces.Count + directives.Count + fields.Count + types.Count + values.Count == 0)
            Unexpected(_token);
        return At(start, Node.Make(
            ("Kind", Node.Text(kind)), ("Description", Node.Text(description)), ("Name", Node.Text(name)), ("Directives", directives), ("Interfaces", interfaces),
            ("Fields", fields), ("Types", types), ("EnumValues", values), ("BuiltIn", RegoBoolean.False)));
    }

    private RegoArray ParseInterfaces()
    {
        if (!_token.IsName("implements"))
            return RegoArray.Empty;
        Next();
        return ParseNames("&");
    }

    private RegoArray ParseMembers() => Skip("=") ? ParseNames("|") : RegoArray.Empty;

    /// <summary>Names between separators; one may come first.</summary>
    private RegoArray ParseNames(string separator)
    {
        Skip(separator);
        var names = new List<RegoValue> { Node.Text(ParseName()) };
        while (Skip(separator))
            names.Add(Node.Text(ParseName()));
        return Node.List(names);
    }

    private RegoObject ParseFieldDefinition()
    {
        var start = _token;
        var description = ParseDescription();
        var name = ParseName();
        var arguments = Between("(", ")", some: true, ParseInputValue);
        Expect(":");
        var type = ParseTypeReference();
        return At(start, Node.Make(
            ("Description", Node.Text(description)), ("Name", Node.Text(name)), ("Arguments", arguments), ("Type", type), ("Directives", ParseDirectives(constant: true))));
    }

    private RegoObject ParseInputValue()
    {
        var start = _token;
        var description = ParseDescription();
        var name = ParseName();
        Expect(":");
        var type = ParseTypeReference();
        var value = Skip("=") ? ParseValue(constant: true) : null;
        return At(start, Node.Make(
            ("Description", Node.Text(description)), ("Name", Node.Text(name)), ("DefaultValue", value), ("Type", type), ("Directives", ParseDirectives(constant: true))));
    }

    private RegoObject ParseEnumValue()
    {
        var start = _token;
        var description = ParseDescription();
        var name = ParseName();
        return At(start, Node.Make(("Description", Node.Text(description)), ("Name", Node.Text(name)), ("Directives", ParseDirectives(constant: true))));
    }

    private RegoObject ParseDirectiveDefinition(string description)
    {
        var start = _token;
        ExpectKeyword("directive");
        Expect("@");
        var name = ParseName();
        var arguments = Between("(", ")", some: true, ParseInputValue);
        var repeatable = _token.IsName("repeatable");
        if (repeatable)
            Next();
        ExpectKeyword("on");
        Skip("|");
        var locations = new List<RegoValue>();
        do
        {
            var location = _token;
            locations.Add(Node.Text(ParseName()));
            if (!Failed && !DirectiveLocations.Contains(location.Text))
                Unexpected(location);
        }
        while (Skip("|"));
        return At(start, Node.Make(
            ("Description", Node.Text(description)), ("Name", Node.Text(name)), ("Arguments", arguments), ("Locations", Node.List(locations)),
            ("IsRepeatable", RegoBoolean.Of(repeatable))));
    }
}
