using System.Runtime.InteropServices;

namespace Weld.Air.Instructions;

/// <summary>The cases of a switch, to be enumerated.</summary>
/// <remarks>Words: the number of cases; 1 if there is an else body; for each case, how many items and ranges it has, the end of
/// its body, the items, and both ends of each range; last, the end of the else body, which is the end of all.</remarks>
public ref struct SwitchCases
{
    private readonly ReadOnlySpan<int> _words;
    private int _position;
    private int _left;
    private int _bodyStart;

    /// <param name="words">The words of the instruction from <see cref="OperandKind.Cases"/> on.</param>
    /// <param name="instruction">The instruction.</param>
    public SwitchCases(ReadOnlySpan<int> words, InstructionId instruction)
    {
        _words = words;
        _left = words[0];
        _position = 2;
        _bodyStart = instruction.Index + 1;
    }

    public readonly int Count => _words[0];

    public readonly bool HasElse => _words[1] != 0;

    /// <summary>After the cases were enumerated: the else body, empty if there is none.</summary>
    public readonly BodyRange Else => new(_bodyStart, _words[^1]);

    public SwitchCase Current { get; private set; }

    public readonly SwitchCases GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_left == 0)
            return false;
        _left--;
        int items = _words[_position];
        int ranges = _words[_position + 1];
        int end = _words[_position + 2];
        ReadOnlySpan<ValueId> values = MemoryMarshal.Cast<int, ValueId>(_words.Slice(_position + 3, items + (2 * ranges)));
        Current = new SwitchCase(values[..items], values[items..], new BodyRange(_bodyStart, end));
        _bodyStart = end;
        _position += 3 + values.Length;
        return true;
    }
}

/// <summary>One case of a switch.</summary>
public readonly ref struct SwitchCase(ReadOnlySpan<ValueId> items, ReadOnlySpan<ValueId> rangeEnds, BodyRange body)
{
    public ReadOnlySpan<ValueId> Items { get; } = items;

    /// <summary>The first and last value of each range, one after the other.</summary>
    public ReadOnlySpan<ValueId> RangeEnds { get; } = rangeEnds;

    public int RangeCount => RangeEnds.Length / 2;

    public BodyRange Body { get; } = body;
}
