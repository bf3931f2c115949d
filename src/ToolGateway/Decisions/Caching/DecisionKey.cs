using System.Runtime.InteropServices;

namespace ToolGateway.Decisions.Caching;

/// <summary>SHA-256 over everything that one decision depends on.</summary>
internal sealed class DecisionKey : IEquatable<DecisionKey>
{
    private readonly UInt128 _high;
    private readonly UInt128 _low;

    public DecisionKey(ReadOnlySpan<byte> hash)
    {
        var halves = MemoryMarshal.Cast<byte, UInt128>(hash);
        _high = halves[0];
        _low = halves[1];
    }

    public bool Equals(DecisionKey? other) => other is not null && _high == other._high && _low == other._low;

    public override bool Equals(object? obj) => Equals(obj as DecisionKey);

    public override int GetHashCode() => _low.GetHashCode();
}
