using System.Globalization;
using Weld.Wasm.Instructions;

namespace Weld.CodeGen.Functions;

/// <content>Instructions of wasm that the front end wrote itself.</content>
internal sealed partial class FunctionCompiler
{
    private void Assembly()
    {
        foreach (Operand input in _body.Operands(_current, 1))
            Push(input);
        string text = _module.Names[new NameId(_body.Word(_current, 0))];
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (!TryAssemble(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            {
                _context.Diagnostics.Add(CodeGenErrors.BadAssembly(Here, line));
                _code.Emit(MirOpcode.Unreachable);
            }
        if (!_facts[ResultType].HasBits || ResultType == TypeId.NoReturn)
            return;
        if (_facts[ResultType].IsByReference)
            Refuse();
        else
            Define();
    }

    // Only instructions that need nothing of the function: their operands are numbers.
    private bool TryAssemble(string[] words)
    {
        if (WasmOpcodeTable.Find(words[0]) is not { } row)
            return false;
        MirOpcode opcode = MirOpcodeTable.Opcode(row);
        switch (row.Immediate)
        {
            case ImmediateKind.None when words.Length == 1 && (row.StackEffect is not null || opcode is MirOpcode.Unreachable or MirOpcode.Drop or MirOpcode.Select):
            case ImmediateKind.ReservedByte when words.Length == 1:
                _code.Emit(opcode);
                return true;
            case ImmediateKind.I32 when words.Length == 2 && TryParse(words[1], out long small) && small is >= int.MinValue and <= uint.MaxValue:
                _code.I32Const(unchecked((int)small));
                return true;
            case ImmediateKind.I64 when words.Length == 2 && TryParse(words[1], out long number):
                _code.I64Const(number);
                return true;
            case ImmediateKind.F32 when words.Length == 2 && float.TryParse(words[1], CultureInfo.InvariantCulture, out float single):
                _code.F32Const(single);
                return true;
            case ImmediateKind.F64 when words.Length == 2 && double.TryParse(words[1], CultureInfo.InvariantCulture, out double real):
                _code.F64Const(real);
                return true;
            case ImmediateKind.MemoryIndex or ImmediateKind.TwoMemories when words.Length == 1:
                _code.Indexes(opcode);
                return true;
            case ImmediateKind.Lane when words.Length == 2 && TryParse(words[1], out long lane) && lane >= 0 && lane < 16 >> row.SizeLog2:
                _code.Lane(opcode, (byte)lane);
                return true;
            case ImmediateKind.Memory:
                return TryAssembleAccess(opcode, row, words);
            default:
                return false;
        }
    }

    private bool TryAssembleAccess(MirOpcode opcode, WasmOpcodeInfo row, string[] words)
    {
        long offset = 0;
        long alignment = 1L << row.SizeLog2;
        foreach (string word in words.AsSpan(1))
        {
            bool isKnown = word.StartsWith("offset=", StringComparison.Ordinal) && TryParse(word["offset=".Length..], out offset)
                || word.StartsWith("align=", StringComparison.Ordinal) && TryParse(word["align=".Length..], out alignment);
            if (!isKnown)
                return false;
        }
        if (offset is < 0 or > uint.MaxValue || alignment < 1 || !BitOperations.IsPow2(alignment) || alignment > 1L << row.SizeLog2)
            return false;
        _code.Memory(opcode, BitOperations.Log2((ulong)alignment), (uint)offset);
        return true;
    }

    private static bool TryParse(string word, out long number) => word.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? long.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
