using System.Runtime.InteropServices;
using static Weld.Wasm.Validation.OperatorTable;

namespace Weld.Wasm.Validation;

/// <summary>A row of <see cref="Plain"/> as <see cref="QuickValidator"/> applies it, without asking which operands there are.</summary>
/// <param name="Pops">How many operands there are: one or two.</param>
/// <param name="First">The type of the first operand.</param>
/// <param name="Last">The type of the last operand, which may be the same one.</param>
/// <param name="Pushes">How many results there are: none or one.</param>
/// <param name="Result">The type of the result.</param>
/// <param name="Limit">The largest alignment of memory instructions.</param>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly record struct QuickRow(byte Pops, byte First, byte Last, byte Pushes = 0, byte Result = 0, byte Limit = 0)
{
    // No value has it, so the row never fits.
    private const byte NoType = 0xff;

    private static QuickRow[]? _rows32;
    private static QuickRow[]? _rows64;

    /// <summary>The rows by opcode, in memory that does not move.</summary>
    public static QuickRow[] Table(bool is64) => is64 ? _rows64 ??= Make(L) : _rows32 ??= Make(I);

    private static QuickRow[] Make(byte address)
    {
        QuickRow[] rows = GC.AllocateUninitializedArray<QuickRow>(Plain.Length, pinned: true);
        for (int i = 0; i < rows.Length; i++)
            rows[i] = Make(Plain[i], address);
        return rows;
    }

    private static QuickRow Make(OperatorShape shape, byte address)
    {
        (OperatorForm form, byte first, byte second, byte third, byte result, byte limit) = shape;
        if (first == 0 || third != 0 || form is not (OperatorForm.Plain or OperatorForm.Memory))
            return new(1, NoType, NoType);
        byte deepest = first == A ? address : first;
        return new(
            Pops: second != 0 ? (byte)2 : (byte)1,
            First: deepest,
            Last: second != 0 ? second : deepest,
            Pushes: result != 0 ? (byte)1 : (byte)0,
            result,
            limit);
    }
}
