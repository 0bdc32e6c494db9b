namespace Weld.CodeGen.Functions;

/// <summary>Where each result of a function is used last, so that its local can serve another one after that.</summary>
/// <remarks>
/// Bodies are nested and in the order of the text, so control goes forward in the text except for loops: what is defined before
/// a loop and used in it must live to the loop's end. Results whose lives end at one instruction form a list.
/// </remarks>
internal sealed class Lifetimes
{
    public const int None = -1;

    private static readonly OperandPositions[] Positions = MakePositions();

    private readonly List<BodyRange> _loops = [];
    private int[] _lastUse = [];
    private byte[] _uses = [];
    private int[] _firstEnding = [];
    private int[] _nextEnding = [];

    /// <summary>Whether any instruction uses the result.</summary>
    public bool IsUsed(int instruction) => _lastUse[instruction] != None;

    /// <summary>The first result whose life ends when the code up to, not including, an index is complete. The second time, there is none:
    /// bodies that end together ask one after the other.</summary>
    public int TakeEndingAt(int index)
    {
        int first = _firstEnding[index];
        _firstEnding[index] = None;
        return first;
    }

    /// <summary>The next result that ends at the same index.</summary>
    public int NextEnding(int instruction) => _nextEnding[instruction];

    /// <summary>Whether exactly one operand is the result.</summary>
    public bool IsUsedOnce(int instruction) => _uses[instruction] == 1;

    public void Run(FunctionBody body)
    {
        int count = body.Count;
        Prepare(count);
        _loops.Clear();
        for (int i = 0; i < count; i++)
        {
            while (_loops.Count != 0 && _loops[^1].End <= i)
                _loops.RemoveAt(_loops.Count - 1);
            var id = new InstructionId(i);
            AirOpcode opcode = body.Opcode(id);
            if (opcode is AirOpcode.Loop or AirOpcode.LoopSwitchBr)
                _loops.Add(new BodyRange(i, body.Next(id)));
            NoteUses(body, id, opcode);
        }
        for (int i = 0; i < count; i++)
        {
            int end = _lastUse[i];
            if (end == None)
                continue;
            _nextEnding[i] = _firstEnding[end];
            _firstEnding[end] = i;
        }
    }

    private void Prepare(int count)
    {
        if (_lastUse.Length < count + 1)
        {
            int length = Math.Max(count + 1, _lastUse.Length * 2);
            _lastUse = new int[length];
            _uses = new byte[length];
            _firstEnding = new int[length];
            _nextEnding = new int[length];
        }
        Array.Fill(_lastUse, None, 0, count + 1);
        Array.Clear(_uses, 0, count + 1);
        Array.Fill(_firstEnding, None, 0, count + 1);
    }

    private void NoteUses(FunctionBody body, InstructionId id, AirOpcode opcode)
    {
        OperandPositions positions = Positions[(int)opcode];
        if (positions.Mask == 0 && positions.ListStart == None)
            return;
        ReadOnlySpan<int> words = body.Words(id);
        // The payload is taken after the body.
        int end = opcode is AirOpcode.Try or AirOpcode.TryPtr or AirOpcode.TryCold or AirOpcode.TryPtrCold ? words[^1] : id.Index + 1;
        for (int position = 0, mask = positions.Mask; mask != 0; position++, mask >>= 1)
            if ((mask & 1) != 0)
                NoteUse(words[position], end);
        if (positions.ListStart != None)
            foreach (int word in words[positions.ListStart..])
                NoteUse(word, end);
    }

    private void NoteUse(int word, int end)
    {
        Operand operand = Operand.FromRaw(word);
        if (!operand.IsInstruction)
            return;
        int value = operand.Instruction.Index;
        _uses[value] = (byte)Math.Min(_uses[value] + 1, 2);
        // The outermost loop that the value comes into from outside.
        foreach (BodyRange loop in _loops)
            if (loop.Start > value)
            {
                end = loop.End;
                break;
            }
        _lastUse[value] = Math.Max(_lastUse[value], end);
    }

    private static OperandPositions[] MakePositions()
    {
        var all = new OperandPositions[AirOpcodeTable.All.Length];
        foreach (OpcodeInfo info in AirOpcodeTable.All)
        {
            int mask = 0;
            int list = None;
            for (int i = 0; i < info.Operands.Length; i++)
                if (info.Operands[i].Kind == OperandKind.Value)
                    mask |= 1 << i;
                else if (info.Operands[i].Kind == OperandKind.Values)
                    list = i;
            all[(int)info.Opcode] = new OperandPositions(mask, list);
        }
        return all;
    }

    private readonly record struct OperandPositions(int Mask, int ListStart);
}
