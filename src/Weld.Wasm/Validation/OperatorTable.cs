using Weld.Wasm.Instructions;

namespace Weld.Wasm.Validation;

/// <summary>What an instruction without special rules takes from the stack and puts on it.</summary>
/// <param name="Form">How its immediates are read.</param>
/// <param name="First">The type of the deepest operand; 0 for none.</param>
/// <param name="Second">The type of the next operand; 0 for none.</param>
/// <param name="Third">The type of the last operand; 0 for none.</param>
/// <param name="Result">The type of the result; 0 for none.</param>
/// <param name="SizeLog2">As in <see cref="WasmOpcodeInfo"/>.</param>
public readonly record struct OperatorShape(OperatorForm Form, byte First, byte Second, byte Third, byte Result, byte SizeLog2);

/// <summary>The immediates of an instruction.</summary>
public enum OperatorForm : byte
{
    /// <summary>Not an instruction, or one with rules of its own.</summary>
    None,

    /// <summary>No immediates.</summary>
    Plain,

    /// <summary>Alignment and offset; the first operand is an address.</summary>
    Memory,

    /// <summary>As <see cref="Memory"/>, and the alignment must be the natural one.</summary>
    Atomic,

    /// <summary>A lane number.</summary>
    Lane,

    /// <summary>As <see cref="Memory"/>, then a lane number.</summary>
    MemoryLane,
}

/// <summary>The rows of <see cref="WasmOpcodeTable"/> that differ in types only, by opcode, in the form that a validator can apply at once.</summary>
public static class OperatorTable
{
    // Value types; A is an address: an i32 or, in a 64-bit memory, an i64.
    internal const byte I = 0x7f;
    internal const byte L = 0x7e;
    internal const byte F = 0x7d;
    internal const byte D = 0x7c;
    internal const byte V = 0x7b;
    internal const byte A = 1;

    // With the 128-bit arithmetic the validator's rows would need more operands and results; it does not know these.
    private const int MostOperands = 3;
    private const int MostResults = 1;

    /// <summary>Opcodes of one byte.</summary>
    public static OperatorShape[] Plain { get; } = Make(prefix: 0, count: 256);

    /// <summary>Opcodes after 0xfc.</summary>
    public static OperatorShape[] Miscellaneous { get; } = Make(prefix: 0xfc, count: 32);

    /// <summary>Opcodes after 0xfd.</summary>
    public static OperatorShape[] Simd { get; } = Make(prefix: 0xfd, count: 0x114);

    /// <summary>Opcodes after 0xfe.</summary>
    public static OperatorShape[] Atomic { get; } = Make(prefix: 0xfe, count: 0x4f);

    private static OperatorShape[] Make(byte prefix, int count)
    {
        var table = new OperatorShape[count];
        foreach (WasmOpcodeInfo row in WasmOpcodeTable.Rows)
            if (row.Prefix == prefix && row.Code < (uint)count && FormOf(row) is var form && form != OperatorForm.None)
                table[row.Code] = Shape(form, row);
        return table;
    }

    private static OperatorForm FormOf(WasmOpcodeInfo row) => row.StackEffect is null ? OperatorForm.None : row.Immediate switch
    {
        ImmediateKind.None => HasManyTypes(row.StackEffect) ? OperatorForm.None : OperatorForm.Plain,
        ImmediateKind.Memory => row.Prefix == 0xfe ? OperatorForm.Atomic : OperatorForm.Memory,
        ImmediateKind.MemoryLane => OperatorForm.MemoryLane,
        ImmediateKind.Lane => OperatorForm.Lane,
        _ => OperatorForm.None,
    };

    private static bool HasManyTypes(string effect) =>
        effect.IndexOf(':') is var operands && (operands > MostOperands || effect.Length - operands - 1 > MostResults);

    private static OperatorShape Shape(OperatorForm form, WasmOpcodeInfo row)
    {
        string effect = row.StackEffect!;
        int operands = effect.IndexOf(':');
        byte result = operands + 1 < effect.Length ? TypeOf(effect[operands + 1]) : (byte)0;
        return new(form, Operand(0), Operand(1), Operand(2), result, row.SizeLog2);

        byte Operand(int index) => index < operands ? TypeOf(effect[index]) : (byte)0;
    }

    private static byte TypeOf(char letter) => letter switch
    {
        'i' => I,
        'l' => L,
        'f' => F,
        'd' => D,
        'v' => V,
        _ => A,
    };
}
