using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Schema;

/// <summary>What one validation found. The score tells which of several failed alternatives came closest.</summary>
internal sealed class SchemaReport
{
    private readonly List<RegoValue> _errors = [];

    public int Score { get; private set; }

    public bool IsValid => _errors.Count == 0;

    public void Passed() => Score++;

    public void Add(BuiltinContext context, string path, string type, string description)
    {
        context.Spend(1, 600 + (description.Length * 4));
        var error = new RegoObjectBuilder();
        error.Set("desc", new RegoString(description));
        error.Set("error", new RegoString($"{path}: {description}"));
        error.Set("field", new RegoString(path));
        error.Set("type", new RegoString(type));
        _errors.Add(error.ToObject());
        Score -= 2;
    }

    public void Merge(SchemaReport other)
    {
        _errors.AddRange(other._errors);
        Score += other.Score;
    }

    public RegoArray ToArray() => RegoArray.From(_errors);
}
