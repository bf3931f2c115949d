namespace ToolGateway.Rego.Values;

/// <summary>The value null.</summary>
public sealed class RegoNull : RegoValue
{
    private RegoNull()
        : base(RegoKind.Null)
    {
    }

    /// <summary>The only instance.</summary>
    public static RegoNull Value { get; } = new();

    /// <inheritdoc/>
    public override int GetHashCode() => 0x6e;
}

/// <summary>true or false.</summary>
public sealed class RegoBoolean : RegoValue
{
    private RegoBoolean(bool value)
        : base(RegoKind.Boolean) => Value = value;

    /// <summary>The value true.</summary>
    public static RegoBoolean True { get; } = new(true);

    /// <summary>The value false.</summary>
    public static RegoBoolean False { get; } = new(false);

    /// <summary>The boolean.</summary>
    public bool Value { get; }

    /// <summary>The shared instance for <paramref name="value"/>.</summary>
    public static RegoBoolean Of(bool value) => value ? True : False;

    /// <inheritdoc/>
    public override int GetHashCode() => Value ? 0x74 : 0x66;
}

/// <summary>A string. Order and equality are by UTF-8 bytes, as in OPA.</summary>
public sealed class RegoString : RegoValue
{
    private int _hash;

    /// <summary>Wraps <paramref name="value"/>.</summary>
    public RegoString(string value)
        : base(RegoKind.String) => Value = value;

    /// <summary>The empty string.</summary>
    public static RegoString Empty { get; } = new("");

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <summary>The string value for <paramref name="text"/>; the empty one is shared.</summary>
    internal static RegoString Of(string text) => text.Length == 0 ? Empty : new(text);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (_hash == 0)
            _hash = HashOf(Value);
        return _hash;
    }

    /// <summary>Whether two texts are equal; most that are not differ in their length or at their ends.</summary>
    internal static bool Same(string a, string b) =>
        ReferenceEquals(a, b) || (a.Length == b.Length && (a.Length == 0 || (a[0] == b[0] && a[^1] == b[^1] && a.AsSpan().SequenceEqual(b))));

    internal static int HashOf(string text) => string.GetHashCode(text, StringComparison.Ordinal) | 1;
}
