using System.Globalization;
using System.Text;
using Weld.Wasm.Binary;
using Weld.Wasm.Instructions;
using Weld.Wasm.Sections;
using ValueType = Weld.Wasm.Sections.ValueType;

namespace Weld.Wasm.Text;

/// <summary>Prints single instructions in the manner of the text format, without nesting.</summary>
internal static class InstructionText
{
    /// <summary>One instruction; <paramref name="nameOf"/> gives what to add to an index of a function, global or table.</summary>
    public static string Print(Instruction instruction, Func<ImmediateKind, uint, string> nameOf)
    {
        var text = new StringBuilder(instruction.Opcode.Mnemonic);
        AppendImmediates(text, instruction, nameOf);
        return text.ToString();
    }

    /// <summary>A constant expression on one line, its end left out.</summary>
    public static string PrintExpression(ReadOnlySpan<byte> bytes, Func<ImmediateKind, uint, string> nameOf)
    {
        var reader = new InstructionReader(bytes);
        var text = new StringBuilder();
        while (!reader.AtEnd)
        {
            Instruction instruction = reader.Read();
            if (reader.AtEnd)
                break;
            if (text.Length != 0)
                text.Append("; ");
            text.Append(Print(instruction, nameOf));
        }
        return text.ToString();
    }

    /// <summary>A value, heap or block type, from its signed number.</summary>
    public static string TypeName(long type) => type switch
    {
        InstructionReader.TypedReference => "(ref)",
        -0x40 => "",
        >= 0 => $"(type {type})",
        _ => ValueTypes.Name((ValueType)(byte)(type & 0x7f)) ?? HeapTypeName(type),
    };

    private static string HeapTypeName(long type) => type switch
    {
        -0x12 => "anyref",
        -0x13 => "eqref",
        -0x14 => "i31ref",
        -0x15 => "structref",
        -0x16 => "arrayref",
        _ => string.Create(CultureInfo.InvariantCulture, $"type{type}"),
    };

    private static void AppendImmediates(StringBuilder text, Instruction instruction, Func<ImmediateKind, uint, string> nameOf)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        ImmediateKind kind = instruction.Opcode.Immediate;
        switch (kind)
        {
            case ImmediateKind.None or ImmediateKind.ReservedByte:
                break;
            case ImmediateKind.BlockType or ImmediateKind.HeapType:
                string type = TypeName(instruction.Value);
                text.Append(type.Length == 0 ? "" : " ").Append(type);
                break;
            case ImmediateKind.I32 or ImmediateKind.I64:
                text.Append(invariant, $" {instruction.Value}");
                break;
            case ImmediateKind.F32:
                text.Append(invariant, $" {BitConverter.Int32BitsToSingle((int)instruction.Value):R}");
                break;
            case ImmediateKind.F64:
                text.Append(invariant, $" {BitConverter.Int64BitsToDouble(instruction.Value):R}");
                break;
            case ImmediateKind.Memory or ImmediateKind.MemoryLane:
                AppendMemoryArgument(text, instruction);
                break;
            case ImmediateKind.LabelTable:
                AppendLabels(text, instruction.Immediates);
                break;
            case ImmediateKind.V128 or ImmediateKind.Shuffle or ImmediateKind.TryTable or ImmediateKind.ValueTypes or
                ImmediateKind.CastBranch or ImmediateKind.ResumeTable or ImmediateKind.ResumeThrowTable:
                text.Append(' ').Append(Convert.ToHexStringLower(instruction.Immediates));
                break;
            default:
                AppendIndices(text, instruction, nameOf);
                break;
        }
    }

    private static void AppendIndices(StringBuilder text, Instruction instruction, Func<ImmediateKind, uint, string> nameOf)
    {
        ImmediateKind kind = instruction.Opcode.Immediate;
        text.Append(CultureInfo.InvariantCulture, $" {instruction.Index}{nameOf(kind, instruction.Index)}");
        bool hasSecond = kind is
            ImmediateKind.TypeAndTable or ImmediateKind.TwoTables or ImmediateKind.ElementAndTable or ImmediateKind.DataAndMemory or
            ImmediateKind.TwoMemories or ImmediateKind.TwoTypes or ImmediateKind.TypeAndField or ImmediateKind.TypeAndCount or
            ImmediateKind.TypeAndData or ImmediateKind.TypeAndElement or ImmediateKind.TypeAndTag;
        if (hasSecond)
            text.Append(CultureInfo.InvariantCulture, $" {instruction.SecondIndex}");
    }

    private static void AppendMemoryArgument(StringBuilder text, Instruction instruction)
    {
        if (instruction.Index != 0)
            text.Append(CultureInfo.InvariantCulture, $" memory={instruction.Index}");
        if (instruction.Value != 0)
            text.Append(CultureInfo.InvariantCulture, $" offset={(ulong)instruction.Value}");
        text.Append(CultureInfo.InvariantCulture, $" align={1ul << (int)instruction.Alignment}");
        if (instruction.Opcode.Immediate == ImmediateKind.MemoryLane)
            text.Append(CultureInfo.InvariantCulture, $" {instruction.Lane}");
    }

    private static void AppendLabels(StringBuilder text, ReadOnlySpan<byte> immediates)
    {
        var reader = new WasmReader(immediates);
        reader.ReadLebU32();
        while (!reader.AtEnd)
            text.Append(CultureInfo.InvariantCulture, $" {reader.ReadLebU32()}");
    }
}
