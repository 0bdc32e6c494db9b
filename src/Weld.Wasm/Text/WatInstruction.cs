using System.Globalization;
using System.Text;
using Weld.Wasm.Binary;
using Weld.Wasm.Instructions;

namespace Weld.Wasm.Text;

/// <summary>Prints one instruction as the text format has it, one a line, without nesting.</summary>
internal static class WatInstruction
{
    public static string Print(Instruction instruction, WatNames names)
    {
        string immediates = Immediates(instruction, names);
        return immediates.Length == 0 ? instruction.Opcode.Mnemonic : $"{instruction.Opcode.Mnemonic} {immediates}";
    }

    private static string Immediates(Instruction instruction, WatNames names)
    {
        uint index = instruction.Index;
        return instruction.Opcode.Immediate switch
        {
            ImmediateKind.BlockType => BlockType(instruction.Value),
            ImmediateKind.ValueTypes => $"(result {InstructionText.TypeName(instruction.Value)})",
            ImmediateKind.HeapType => InstructionText.TypeName(instruction.Value).Replace("ref", "", StringComparison.Ordinal),
            ImmediateKind.FunctionIndex => names.Function(index),
            ImmediateKind.GlobalIndex => names.Global(index),
            ImmediateKind.TypeAndTable => Invariant($"(type {index})"),
            ImmediateKind.TypeIndex => Invariant($"(type {index})"),
            // There is one memory.
            ImmediateKind.MemoryIndex or ImmediateKind.TwoMemories or ImmediateKind.None or ImmediateKind.ReservedByte => "",
            ImmediateKind.Memory => Memory(instruction),
            ImmediateKind.MemoryLane => Invariant($"{Memory(instruction)} {instruction.Lane}").TrimStart(),
            ImmediateKind.I32 or ImmediateKind.I64 => Invariant($"{instruction.Value}"),
            ImmediateKind.F32 => Single((int)instruction.Value),
            ImmediateKind.F64 => Double(instruction.Value),
            ImmediateKind.LabelTable => Labels(instruction.Immediates),
            ImmediateKind.V128 => $"i8x16 {Bytes(instruction.Immediates)}",
            ImmediateKind.Shuffle => Bytes(instruction.Immediates),
            ImmediateKind.Label or ImmediateKind.LocalIndex or ImmediateKind.TagIndex or ImmediateKind.TableIndex or ImmediateKind.DataIndex or
                ImmediateKind.ElementIndex or ImmediateKind.Lane => Invariant($"{index}"),
            _ => $"(; {Convert.ToHexStringLower(instruction.Immediates)} ;)",
        };
    }

    private static string BlockType(long type) => type switch
    {
        -0x40 => "",
        >= 0 => $"(type {type})",
        _ => $"(result {InstructionText.TypeName(type)})",
    };

    private static string Memory(Instruction instruction)
    {
        string offset = instruction.Value == 0 ? "" : Invariant($"offset={(ulong)instruction.Value} ");
        return instruction.Alignment == instruction.Opcode.SizeLog2 ? offset.TrimEnd() : offset + Invariant($"align={1ul << (int)instruction.Alignment}");
    }

    private static string Single(int bits)
    {
        float value = BitConverter.Int32BitsToSingle(bits);
        return float.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : NotFinite(float.IsNaN(value), bits & 0x7f_ffff, bits < 0);
    }

    private static string Double(long bits)
    {
        double value = BitConverter.Int64BitsToDouble(bits);
        return double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : NotFinite(double.IsNaN(value), bits & 0xf_ffff_ffff_ffff, bits < 0);
    }

    private static string NotFinite(bool isNaN, long fraction, bool isNegative) =>
        (isNegative ? "-" : "") + (isNaN ? Invariant($"nan:0x{fraction:x}") : "inf");

    private static string Labels(ReadOnlySpan<byte> immediates)
    {
        var reader = new WasmReader(immediates);
        reader.ReadLebU32();
        var text = new StringBuilder();
        while (!reader.AtEnd)
            text.Append(CultureInfo.InvariantCulture, $"{(text.Length == 0 ? "" : " ")}{reader.ReadLebU32()}");
        return text.ToString();
    }

    private static string Bytes(ReadOnlySpan<byte> bytes) => string.Join(' ', bytes.ToArray().Select(static b => Invariant($"{b}")));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
