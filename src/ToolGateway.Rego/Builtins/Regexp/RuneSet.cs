namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>A set of code points as sorted, disjoint ranges.</summary>
internal sealed class RuneSet
{
    public const int MaxRune = 0x10FFFF;

    private readonly int[] _bounds;
    private readonly ulong _low;
    private readonly ulong _high;

    private RuneSet(int[] bounds)
    {
        _bounds = bounds;
        for (var i = 0; i < bounds.Length && bounds[i] < 128; i += 2)
        {
            _low |= Bits(bounds[i], bounds[i + 1]);
            _high |= Bits(bounds[i] - 64, bounds[i + 1] - 64);
        }
    }

    /// <summary>Lower and upper bounds, both inclusive, in turn.</summary>
    public ReadOnlySpan<int> Bounds => _bounds;

    public static RuneSet Of(params ReadOnlySpan<int> bounds)
    {
        var builder = new Builder();
        for (var i = 0; i < bounds.Length; i += 2)
            builder.Add(bounds[i], bounds[i + 1]);
        return builder.ToSet();
    }

    public bool Contains(int rune)
    {
        if (rune < 64)
            return (_low >> rune & 1) != 0;
        return rune < 128 ? (_high >> (rune - 64) & 1) != 0 : Search(rune);
    }

    public RuneSet Negate()
    {
        var bounds = new List<int>(_bounds.Length + 2);
        var next = 0;
        for (var i = 0; i < _bounds.Length; i += 2)
        {
            if (_bounds[i] > next)
                bounds.AddRange([next, _bounds[i] - 1]);
            next = _bounds[i + 1] + 1;
        }

        if (next <= MaxRune)
            bounds.AddRange([next, MaxRune]);
        return new RuneSet([.. bounds]);
    }

    /// <summary>The bits from <paramref name="low"/> to <paramref name="high"/>, of those from 0 to 63.</summary>
    private static ulong Bits(int low, int high)
    {
        low = Math.Max(low, 0);
        high = Math.Min(high, 63);
        return low > high ? 0 : ulong.MaxValue >> (63 - (high - low)) << low;
    }

    private bool Search(int rune)
    {
        var low = 0;
        var high = _bounds.Length / 2;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (rune < _bounds[2 * middle])
                high = middle;
            else if (rune > _bounds[(2 * middle) + 1])
                low = middle + 1;
            else
                return true;
        }

        return false;
    }

    /// <summary>Collects ranges in any order, overlapping or not.</summary>
    internal sealed class Builder
    {
        private readonly List<(int Low, int High)> _ranges = [];

        public void Add(int low, int high) => _ranges.Add((low, high));

        public void Add(RuneSet set)
        {
            for (var i = 0; i < set._bounds.Length; i += 2)
                Add(set._bounds[i], set._bounds[i + 1]);
        }

        public RuneSet ToSet()
        {
            _ranges.Sort();
            var bounds = new List<int>(_ranges.Count * 2);
            foreach (var (low, high) in _ranges)
            {
                if (bounds.Count > 0 && low <= bounds[^1] + 1)
                    bounds[^1] = Math.Max(bounds[^1], high);
                else
                    bounds.AddRange([low, high]);
            }

            return new RuneSet([.. bounds]);
        }
    }
}
