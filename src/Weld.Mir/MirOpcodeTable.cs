using Weld.Wasm.Instructions;

namespace Weld.Mir;

/// <summary>How the operand of an instruction is kept and written.</summary>
public enum MirEncoding : byte
{
    /// <summary>No operand.</summary>
    None,

    /// <summary>A virtual local.</summary>
    Local,

    /// <summary>The operand as an unsigned number.</summary>
    Index,

    /// <summary>The operand, then the detail, as unsigned numbers.</summary>
    TwoIndexes,
    Lane,
    I32,

    /// <summary>The value when it fits in 32 bits with a sign; with a detail of 1, two extra words, the low one first.</summary>
    I64,

    /// <summary>The bits.</summary>
    F32,

    /// <summary>Two extra words with the bits, the low one first.</summary>
    F64,

    /// <summary>Four extra words.</summary>
    Bytes16,

    /// <summary>A list of one value type.</summary>
    ValueTypes,

    /// <summary>A signed number.</summary>
    Signed,
    ReservedByte,

    /// <summary>A value type, or, with <see cref="MirInstruction.SignatureBlock"/>, a signature. From here on the size has no useful
    /// limit, or something outside of the function is named.</summary>
    BlockType,

    /// <summary>The first of those with such operands.</summary>
    FirstLong = BlockType,

    /// <summary>Extra words: the number of labels but for the default, then all labels.</summary>
    LabelTable,

    /// <summary>Extra words: a count, and that many unsigned numbers.</summary>
    Raw,

    /// <summary>An offset; the alignment is the detail.</summary>
    Memory,

    /// <summary>As <see cref="Memory"/>; the lane is in the detail from bit 8.</summary>
    MemoryLane,

    /// <summary>The id of a function.</summary>
    Function,
    Global,
    Tag,
    Signature,

    /// <summary>A signature; the table is that of function pointers.</summary>
    SignatureAndTable,

    /// <summary>None of wasm's: lowering replaces it.</summary>
    Symbolic,
}

/// <summary>The facts about each opcode of MIR, made from the rows of <see cref="WasmOpcodeTable"/>.</summary>
public static class MirOpcodeTable
{
    /// <summary>From here on are the opcodes that wasm does not have.</summary>
    public const int FirstSymbolic = 0x600;

    private static readonly (byte Prefix, int Base)[] Bases = [(0, 0), (0xfb, 0x100), (0xfc, 0x200), (0xfd, 0x400), (0xfe, 0x300)];
    private static readonly MirEncoding[] Encodings = new MirEncoding[FirstSymbolic];
    private static readonly WasmOpcodeInfo?[] Rows = new WasmOpcodeInfo?[FirstSymbolic];

    static MirOpcodeTable()
    {
        foreach (WasmOpcodeInfo row in WasmOpcodeTable.Rows)
        {
            int opcode = (int)Opcode(row);
            Rows[opcode] = row;
            Encodings[opcode] = EncodingOf(row.Immediate);
        }
    }

    /// <summary>The opcode of a row of the wasm table.</summary>
    public static MirOpcode Opcode(WasmOpcodeInfo row)
    {
        ArgumentNullException.ThrowIfNull(row);
        foreach ((byte prefix, int start) in Bases)
            if (prefix == row.Prefix)
                return (MirOpcode)(start + row.Code);
        throw new ArgumentOutOfRangeException(nameof(row));
    }

    /// <summary>The prefix, and the code after it, of an opcode of wasm.</summary>
    public static (byte Prefix, uint Code) Code(MirOpcode opcode) => ((int)opcode >> 8) switch
    {
        0 => (0, (uint)opcode),
        1 => (0xfb, (uint)opcode - 0x100),
        2 => (0xfc, (uint)opcode - 0x200),
        3 => (0xfe, (uint)opcode - 0x300),
        _ => (0xfd, (uint)opcode - 0x400),
    };

    /// <summary>The row of the wasm table; null for what wasm does not have.</summary>
    public static WasmOpcodeInfo? Row(MirOpcode opcode) => (int)opcode < Rows.Length ? Rows[(int)opcode] : null;

    public static MirEncoding Encoding(MirOpcode opcode) => (int)opcode < Encodings.Length ? Encodings[(int)opcode] : MirEncoding.Symbolic;

    /// <summary>The instruction in the text format; those that wasm does not have in the same style.</summary>
    public static string Mnemonic(MirOpcode opcode) => Row(opcode)?.Mnemonic ?? opcode switch
    {
        MirOpcode.FunctionSlot => "function_slot",
        MirOpcode.DataAddress => "data_address",
        MirOpcode.ConstantAddress => "constant_address",
        MirOpcode.TlsOffset => "tls_offset",
        MirOpcode.CallIntrinsic => "call_intrinsic",
        MirOpcode.CallTagName => "call_tag_name",
        MirOpcode.ErrorNameTable => "error_name_table",
        MirOpcode.ErrorCount => "error_count",
        MirOpcode.FrameAddress => "frame_address",
        MirOpcode.LeaveFrame => "leave_frame",
        _ => throw new ArgumentOutOfRangeException(nameof(opcode)),
    };

    private static MirEncoding EncodingOf(ImmediateKind immediate) => immediate switch
    {
        ImmediateKind.None => MirEncoding.None,
        ImmediateKind.BlockType => MirEncoding.BlockType,
        ImmediateKind.LabelTable => MirEncoding.LabelTable,
        ImmediateKind.FunctionIndex => MirEncoding.Function,
        ImmediateKind.TypeIndex => MirEncoding.Signature,
        ImmediateKind.TypeAndTable => MirEncoding.SignatureAndTable,
        ImmediateKind.LocalIndex => MirEncoding.Local,
        ImmediateKind.GlobalIndex => MirEncoding.Global,
        ImmediateKind.TagIndex => MirEncoding.Tag,
        ImmediateKind.Label or ImmediateKind.TableIndex or ImmediateKind.ElementIndex or ImmediateKind.DataIndex or ImmediateKind.MemoryIndex => MirEncoding.Index,
        ImmediateKind.TwoTables or ImmediateKind.ElementAndTable or ImmediateKind.DataAndMemory or ImmediateKind.TwoMemories => MirEncoding.TwoIndexes,
        ImmediateKind.Memory => MirEncoding.Memory,
        ImmediateKind.MemoryLane => MirEncoding.MemoryLane,
        ImmediateKind.Lane => MirEncoding.Lane,
        ImmediateKind.Shuffle or ImmediateKind.V128 => MirEncoding.Bytes16,
        ImmediateKind.I32 => MirEncoding.I32,
        ImmediateKind.I64 => MirEncoding.I64,
        ImmediateKind.F32 => MirEncoding.F32,
        ImmediateKind.F64 => MirEncoding.F64,
        ImmediateKind.ValueTypes => MirEncoding.ValueTypes,
        ImmediateKind.HeapType => MirEncoding.Signed,
        ImmediateKind.ReservedByte => MirEncoding.ReservedByte,
        _ => MirEncoding.Raw,
    };
}
