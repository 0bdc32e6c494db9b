namespace Weld.Air.Generator;

/// <summary>The random choices that a program is made of. They can be replayed, and shortened to make the program smaller.</summary>
/// <remarks>Choice 0 must always be the simplest one, and a generator that gets nothing but zeros must come to an end.</remarks>
public sealed class Choices
{
    private readonly IReadOnlyList<int>? _replayed;
    private readonly List<int> _taken = [];
    private ulong _state;

    /// <summary>Choices by a seed; the same ones on every machine.</summary>
    public Choices(ulong seed) => _state = seed;

    /// <summary>The given choices, then zeros.</summary>
    public Choices(IReadOnlyList<int> replayed) => _replayed = replayed;

    public IReadOnlyList<int> Taken => _taken;

    /// <summary>A number from 0 up to, not including, the count.</summary>
    public int Next(int count)
    {
        int choice = _replayed is null ? (int)(Random() % (ulong)count)
            : _taken.Count < _replayed.Count ? Math.Min(_replayed[_taken.Count], count - 1)
            : 0;
        _taken.Add(choice);
        return choice;
    }

    /// <summary>True once in so many times; false is the simple choice.</summary>
    public bool OneIn(int times) => Next(times) == times - 1;

    /// <summary>Does something several times. A choice before each one says that there is one more, so that leaving out the
    /// choices of one leaves it out.</summary>
    /// <param name="most">Not more often.</param>
    /// <param name="average">About so often, if that is not near the most.</param>
    /// <param name="action">Takes the number of times before.</param>
    public void Several(int most, int average, Action<int> action)
    {
        for (int i = 0; i < most && Next(average + 1) != 0; i++)
            action(i);
    }

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    // SplitMix64.
    private ulong Random()
    {
        ulong z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
