namespace ToolGateway.Rego.Values;

/// <summary>The kinds of Rego value, in OPA's total order.</summary>
public enum RegoKind
{
    /// <summary>null</summary>
    Null,

    /// <summary>true or false</summary>
    Boolean,

    /// <summary>A number of any size.</summary>
    Number,

    /// <summary>A string of Unicode text.</summary>
    String,

    /// <summary>An ordered sequence.</summary>
    Array,

    /// <summary>A map; keys may be of any kind.</summary>
    Object,

    /// <summary>A collection without order or duplicates.</summary>
    Set,
}

/// <summary>An immutable Rego value. <c>null</c> references stand for <i>undefined</i>; the value null is <see cref="RegoNull.Value"/>.</summary>
public abstract class RegoValue : IEquatable<RegoValue>, IComparable<RegoValue>
{
    private protected RegoValue(RegoKind kind) => Kind = kind;

    /// <summary>The kind; casts to the sealed type of the same name are safe after looking at it.</summary>
    public RegoKind Kind { get; }

    /// <summary>OPA's total order: by kind, then by content.</summary>
    public int CompareTo(RegoValue? other) => other is null ? 1 : RegoOrder.Compare(this, other);

    /// <inheritdoc/>
    public bool Equals(RegoValue? other) => other is not null && RegoOrder.Equal(this, other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => obj is RegoValue other && RegoOrder.Equal(this, other);

    /// <inheritdoc/>
    public abstract override int GetHashCode();

    /// <summary>Rego text of the value, as OPA prints a term: sets as <c>{1, 2}</c>, strings quoted.</summary>
    public override string ToString() => RegoFormat.ToTermText(this);

    /// <summary>JSON text as OPA writes it: object keys in order, sets as sorted arrays.</summary>
    public string ToJson() => RegoJson.Serialize(this);
}
