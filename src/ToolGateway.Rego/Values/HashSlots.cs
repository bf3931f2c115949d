using System.Numerics;
using System.Runtime.CompilerServices;

namespace ToolGateway.Rego.Values;

/// <summary>
/// Open-addressed positions of the items of an array, by hash. It holds no items: the owner compares. Four bytes per slot and at most half full, so an
/// index over a big object costs little and one over a small object is never made.
/// </summary>
internal struct HashSlots
{
    private readonly int[] _slots;
    private int _used;

    public HashSlots(int capacity) => _slots = new int[Math.Max(16, BitOperations.RoundUpToPowerOf2((uint)capacity * 2))];

    /// <summary>Whether twice as many slots are needed before the next <see cref="Add"/>.</summary>
    public readonly bool IsFull => _used * 2 >= _slots.Length;

    public readonly int Capacity => _slots.Length / 2;

    /// <summary>The slot where a search for <paramref name="hash"/> starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Start(int hash) => Mix(hash) & (_slots.Length - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Next(int slot) => (slot + 1) & (_slots.Length - 1);

    /// <summary>Position of the item in <paramref name="slot"/>, or -1 when the search ends there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int At(int slot) => _slots[slot] - 1;

    public void Add(int hash, int position)
    {
        var slot = Start(hash);
        while (_slots[slot] != 0)
            slot = Next(slot);
        _slots[slot] = position + 1;
        _used++;
    }

    private static int Mix(int hash) => (int)(((uint)hash * 0x9E3779B1u) >> 7);
}
