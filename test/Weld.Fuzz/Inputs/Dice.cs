namespace Weld.Fuzz.Inputs;

/// <summary>The random choices of one case: the same seed and number always give the same choices.</summary>
public sealed class Dice
{
    private static readonly ulong[] Interesting =
    [
        0, 1, 2, 3, 7, 8, 15, 31, 32, 63, 64, 127, 128, 255, 256, 1000, 4095, 16384, 65535, 65536, 1 << 20, 1 << 24,
        int.MaxValue - 1, int.MaxValue, 1ul << 31, uint.MaxValue - 4, uint.MaxValue - 1, uint.MaxValue,
        1ul << 32, (1ul << 32) + 1, 1ul << 35, long.MaxValue, 1ul << 63, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    private readonly Random _random;

    public Dice(int seed, int number) => _random = new Random(unchecked((seed * 1_000_003) ^ (number * 7919)));

    /// <summary>A number from 0 to <paramref name="limit"/> - 1; 0 when there is none.</summary>
    public int Below(int limit) => limit <= 1 ? 0 : _random.Next(limit);

    public int Between(int first, int last) => first + Below(last - first + 1);

    /// <summary>True once in <paramref name="times"/>.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public byte Byte() => (byte)_random.Next(256);

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>A number near a limit, near <paramref name="old"/>, or any.</summary>
    public ulong Number(ulong old) => Below(6) switch
    {
        0 => old + 1,
        1 => old - 1,
        2 => (ulong)Below(16),
        3 => old + (ulong)Below(64),
        4 => (uint)_random.Next(),
        _ => Pick(Interesting),
    };
}
