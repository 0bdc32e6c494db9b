using System.Globalization;
using Weld.Wasm.Binary;
using Weld.Wasm.Instructions;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Wasm.Text;

/// <summary>Assembles function bodies and constant expressions: flat instructions, with symbols as operands.</summary>
/// <remarks>The last <c>end</c> is not written in the text.</remarks>
internal sealed class BodyAssembler(TextScanner scanner, ObjectModel model)
{
    private const byte End = 0x0b;
    private const byte EmptyBlock = 0x40;
    private readonly OperandEncoder _operands = new(scanner, model);
    private readonly RelocatableBytes _target = new();

    private WasmWriter Writer => _target.Writer;

    public RelocatableBytes AssembleFunction(int blockStart)
    {
        scanner.Position = blockStart;
        AssembleLocals();
        return AssembleInstructions();
    }

    public RelocatableBytes AssembleExpression(int blockStart)
    {
        scanner.Position = blockStart;
        return AssembleInstructions();
    }

    private RelocatableBytes AssembleInstructions()
    {
        bool isRaw = false;
        while (!scanner.Accept("}"))
            isRaw = AssembleInstruction();
        // A body that ends in raw bytes brings its own end, or leaves it out on purpose.
        if (!isRaw)
            Writer.WriteByte(End);
        return _target;
    }

    private void AssembleLocals()
    {
        var runs = new List<(uint Count, ValueType Type)>();
        while (scanner.Accept("local"))
            while (DeclarationParts.TryParseValueType(scanner) is { } type)
            {
                if (runs.Count > 0 && runs[^1].Type == type)
                    runs[^1] = (runs[^1].Count + 1, type);
                else
                    runs.Add((1, type));
            }
        Writer.WriteLebU32((uint)runs.Count);
        foreach ((uint count, ValueType type) in runs)
        {
            Writer.WriteLebU32(count);
            Writer.WriteByte((byte)type);
        }
    }

    /// <returns>Whether it was raw bytes.</returns>
    private bool AssembleInstruction()
    {
        if (scanner.Accept("bytes"))
        {
            ItemAssembler.WriteHexBytes(scanner, Writer);
            return true;
        }
        Token token = scanner.Current;
        WasmOpcodeInfo opcode = WasmOpcodeTable.Find(token.Text) ?? throw scanner.Error($"unknown instruction '{token.Text}'");
        scanner.Next();
        if (opcode.Prefix != 0)
        {
            Writer.WriteByte(opcode.Prefix);
            Writer.WriteLebU32(opcode.Code);
        }
        else
        {
            Writer.WriteByte((byte)opcode.Code);
        }
        AssembleImmediates(opcode);
        return false;
    }

    private void AssembleImmediates(WasmOpcodeInfo opcode)
    {
        switch (opcode.Immediate)
        {
            case ImmediateKind.None:
                break;
            case ImmediateKind.BlockType:
                AssembleBlockType();
                break;
            case ImmediateKind.LabelTable:
                AssembleLabelTable();
                break;
            case ImmediateKind.I32:
                _operands.Write(_target, OperandPlace.Constant32);
                break;
            case ImmediateKind.I64:
                _operands.Write(_target, OperandPlace.Constant64);
                break;
            case ImmediateKind.F32:
                Writer.WriteU32(BitConverter.SingleToUInt32Bits(float.Parse(scanner.Next().Text, CultureInfo.InvariantCulture)));
                break;
            case ImmediateKind.F64:
                ulong bits = BitConverter.DoubleToUInt64Bits(double.Parse(scanner.Next().Text, CultureInfo.InvariantCulture));
                Writer.WriteU32((uint)bits);
                Writer.WriteU32((uint)(bits >> 32));
                break;
            case ImmediateKind.V128 or ImmediateKind.Shuffle:
                ItemAssembler.WriteHexBytes(scanner, Writer);
                break;
            case ImmediateKind.Memory or ImmediateKind.MemoryLane:
                AssembleMemoryArgument(opcode);
                break;
            case ImmediateKind.HeapType:
                Writer.WriteByte(ParseHeapType());
                break;
            default:
                AssembleIndices(opcode.Immediate);
                break;
        }
    }

    private void AssembleBlockType()
    {
        if (scanner.Current.Is("("))
            _operands.WriteType(_target);
        else
            Writer.WriteByte(DeclarationParts.TryParseValueType(scanner) is { } type ? (byte)type : EmptyBlock);
    }

    private void AssembleLabelTable()
    {
        var labels = new List<uint>();
        while (scanner.AtNumber)
            labels.Add((uint)scanner.ExpectNumber());
        Writer.WriteLebU32((uint)labels.Count - 1);
        foreach (uint label in labels)
            Writer.WriteLebU32(label);
    }

    private void AssembleIndices(ImmediateKind kind)
    {
        switch (kind)
        {
            case ImmediateKind.TypeAndTable:
                if (scanner.Current.Is("("))
                    _operands.WriteType(_target);
                else
                    _operands.Write(_target, OperandPlace.Index);
                WriteOptionalIndex();
                break;
            case ImmediateKind.Lane or ImmediateKind.ReservedByte:
                Writer.WriteByte(scanner.AtNumber ? (byte)scanner.ExpectNumber() : (byte)0);
                break;
            case ImmediateKind.MemoryIndex:
                WriteOptionalIndex();
                break;
            case ImmediateKind.TwoMemories or ImmediateKind.TwoTables:
                WriteOptionalIndex();
                WriteOptionalIndex();
                break;
            case ImmediateKind.DataAndMemory or ImmediateKind.ElementAndTable:
                _operands.Write(_target, OperandPlace.Index);
                WriteOptionalIndex();
                break;
            case ImmediateKind.Label or ImmediateKind.FunctionIndex or ImmediateKind.TypeIndex or ImmediateKind.LocalIndex or
                ImmediateKind.GlobalIndex or ImmediateKind.TagIndex or ImmediateKind.TableIndex or ImmediateKind.DataIndex or
                ImmediateKind.ElementIndex:
                // A function or a variable as the operand of a global instruction means its address in the GOT.
                if (kind == ImmediateKind.GlobalIndex && !scanner.AtNumber && !scanner.Current.Text.Contains('@', StringComparison.Ordinal))
                    WriteGlobalIndex();
                else
                    _operands.Write(_target, OperandPlace.Index);
                break;
            default:
                throw scanner.Error("this instruction has no text form; write it with 'bytes'");
        }
    }

    private void WriteGlobalIndex()
    {
        string name = scanner.ExpectName();
        if (!model.SymbolByName.TryGetValue(name, out int symbol))
            throw scanner.Error($"'{name}' is not declared");
        _target.Relocations.Add(new RawRelocation((byte)Linking.RelocationKind.GlobalIndexLeb, (uint)Writer.Length, (uint)symbol, 0));
        Writer.WritePaddedLebU32(0);
    }

    private void WriteOptionalIndex()
    {
        bool isSymbol = _operands.AtSymbol && WasmOpcodeTable.Find(scanner.Current.Text) is null;
        if (scanner.AtNumber || isSymbol)
            _operands.Write(_target, OperandPlace.Index);
        else
            Writer.WriteByte(0);
    }

    private void AssembleMemoryArgument(WasmOpcodeInfo opcode)
    {
        uint alignment = NaturalAlignment(opcode.Mnemonic);
        int offsetToken = -1;
        while (scanner.Current.Text is "offset" or "align" && scanner.Peek(1).Is("="))
        {
            bool isOffset = scanner.Next().Text == "offset";
            scanner.Expect("=");
            if (isOffset)
            {
                offsetToken = scanner.Position;
                scanner.Next();
            }
            else
            {
                alignment = uint.Log2((uint)scanner.ExpectNumber());
            }
        }
        Writer.WriteLebU32(alignment);
        int after = scanner.Position;
        if (offsetToken < 0)
        {
            Writer.WriteByte(0);
        }
        else
        {
            scanner.Position = offsetToken;
            _operands.Write(_target, OperandPlace.MemoryOffset);
            scanner.Position = after;
        }
        if (opcode.Immediate == ImmediateKind.MemoryLane)
            Writer.WriteByte((byte)scanner.ExpectNumber());
    }

    private static uint NaturalAlignment(string mnemonic)
    {
        string operation = mnemonic[(mnemonic.IndexOf('.', StringComparison.Ordinal) + 1)..];
        if (operation.Contains("32", StringComparison.Ordinal) || operation == "atomic.notify")
            return 2;
        if (operation.Contains("16", StringComparison.Ordinal))
            return 1;
        if (operation.Contains('8', StringComparison.Ordinal))
            return 0;
        return mnemonic[..3] switch { "i32" or "f32" => 2, "v12" when operation is "load" or "store" => 4, _ => 3 };
    }

    private byte ParseHeapType() => scanner.ExpectName() switch
    {
        "func" => 0x70,
        "extern" => 0x6f,
        "any" => 0x6e,
        "eq" => 0x6d,
        "i31" => 0x6c,
        "struct" => 0x6b,
        "array" => 0x6a,
        "exn" => 0x69,
        _ => throw scanner.Error("a heap type expected"),
    };
}
