using ToolGateway.Rego.Builtins.Regexp;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Schema;

/// <summary>One compiled schema. A node is made before it is filled, because schemas refer to each other and to themselves.</summary>
internal sealed class SchemaNode
{
    /// <summary>A schema that is true or false.</summary>
    public bool? Pass { get; set; }

    /// <summary>The schema that stands for this one.</summary>
    public SchemaNode? Reference { get; set; }

    public IReadOnlyList<string> Types { get; set; } = [];

    public IReadOnlyList<SchemaNode> AnyOf { get; set; } = [];

    public IReadOnlyList<SchemaNode> OneOf { get; set; } = [];

    public IReadOnlyList<SchemaNode> AllOf { get; set; } = [];

    public SchemaNode? Not { get; set; }

    public SchemaNode? If { get; set; }

    public SchemaNode? Then { get; set; }

    public SchemaNode? Else { get; set; }

    /// <summary>What a member asks for: other members, or a schema for the whole object.</summary>
    public IReadOnlyDictionary<string, (IReadOnlyList<string> Names, SchemaNode? Schema)> Dependencies { get; set; } =
        new Dictionary<string, (IReadOnlyList<string>, SchemaNode?)>();

    public RegoValue? Const { get; set; }

    public RegoArray? Enum { get; set; }

    public string? Format { get; set; }

    public SchemaNode? Items { get; set; }

    public IReadOnlyList<SchemaNode> PositionalItems { get; set; } = [];

    public SchemaNode? AdditionalItems { get; set; }

    public long? MinItems { get; set; }

    public long? MaxItems { get; set; }

    public bool UniqueItems { get; set; }

    public SchemaNode? Contains { get; set; }

    public IReadOnlyList<KeyValuePair<string, SchemaNode>> Properties { get; set; } = [];

    public IReadOnlyList<(GoRegex Pattern, SchemaNode Schema)> PatternProperties { get; set; } = [];

    public SchemaNode? AdditionalProperties { get; set; }

    public SchemaNode? PropertyNames { get; set; }

    public IReadOnlyList<string> Required { get; set; } = [];

    public long? MinProperties { get; set; }

    public long? MaxProperties { get; set; }

    public long? MinLength { get; set; }

    public long? MaxLength { get; set; }

    public (string Text, GoRegex Regex)? Pattern { get; set; }

    public RegoNumber? MultipleOf { get; set; }

    public RegoNumber? Minimum { get; set; }

    public RegoNumber? Maximum { get; set; }

    public RegoNumber? ExclusiveMinimum { get; set; }

    public RegoNumber? ExclusiveMaximum { get; set; }
}
