using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Types;

namespace ToolGateway.Rego.Compilation;

/// <summary>What one definition of a rule makes: its keys with their types, its parameters, and its value (or element).</summary>
internal sealed record RuleType(IReadOnlyList<(Term Key, RegoType Type)> Keys, IReadOnlyList<RegoType>? Arguments, bool IsSet, RegoType Value)
{
    public static RuleType Unknown(RuleHead head) => new(
        [.. head.Reference.Operands.Select(operand => (operand, RegoType.Any))], head.Arguments?.Select(_ => RegoType.Any).ToList(), head.Key is not null, RegoType.Any);

    public RuleType Or(RuleType other) => this with
    {
        Arguments = Arguments is null || other.Arguments is null
            ? Arguments
            : [.. Arguments.Zip(other.Arguments, static (a, b) => TypeOps.Or(a, b)!)],
        Value = TypeOps.Or(Value, other.Value)!,
    };

    /// <summary>The type of the document after the first <paramref name="depth"/> keys.</summary>
    public RegoType Document(int depth)
    {
        var type = IsSet ? new SetType(Value) : Value;
        for (var i = Keys.Count - 1; i >= depth; i--)
        {
            type = TermFacts.TryConstant(Keys[i].Key, out var key)
                ? new ObjectType([new ObjectTypeMember(key, type)], null, null)
                : new ObjectType([], Keys[i].Type, type);
        }

        return type;
    }
}
