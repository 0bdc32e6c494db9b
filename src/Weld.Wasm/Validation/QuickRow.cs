using System.Runtime.InteropServices;
using static Weld.Wasm.Validation.OperatorTable;

namespace Weld.Wasm.Validation;

/// <summary>What <see cref="QuickValidator"/> has to know of an instruction: a row of <see cref="Plain"/>, or one that works on a local.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct QuickRow
{
    /// <summary>No value has it, so the row never fits.</summary>
    public const byte NoType = 0xff;

    /// <summary>The type of the first operand.</summary>
    public readonly byte First;

    /// <summary>The type of the last operand, which may be the same one.</summary>
    public readonly byte Last;

    /// <summary>The type of the result; 0 for none.</summary>
    public readonly byte Result;

    /// <summary>The largest alignment of memory instructions.</summary>
    public readonly byte Limit;

    /// <summary>Where the operand of an instruction on a local is, or the result of <c>local.get</c>, from the top of the stack.</summary>
    public readonly sbyte Place;

    /// <summary>How much higher such an instruction makes the stack.</summary>
    public readonly sbyte Growth;

    /// <summary>Whether it makes one <c>i32</c> from two, and nothing else.</summary>
    public readonly bool IsI32Operator;

    private static QuickRow[]? _rows32;
    private static QuickRow[]? _rows64;

    private QuickRow(sbyte place, sbyte growth)
    {
        First = Last = NoType;
        Place = place;
        Growth = growth;
    }

    private QuickRow(in OperatorShape shape, byte address)
    {
        (OperatorForm form, byte first, byte second, byte third, Result, Limit) = shape;
        First = first == A ? address : first;
        Last = second != 0 ? second : First;
        IsI32Operator = form == OperatorForm.Plain && (first, second, third, Result) == (I, I, 0, I);
        if (first == 0 || third != 0 || form is not (OperatorForm.Plain or OperatorForm.Memory))
            First = Last = NoType;
    }

    /// <summary>The types of both operands as they lie on the stack.</summary>
    public ushort Both => (ushort)(First | Last << 8);

    /// <summary>The rows by opcode, in memory that does not move.</summary>
    public static QuickRow[] Table(bool is64) => is64 ? _rows64 ??= Make(L) : _rows32 ??= Make(I);

    private static QuickRow[] Make(byte address)
    {
        QuickRow[] rows = GC.AllocateUninitializedArray<QuickRow>(Plain.Length, pinned: true);
        for (int i = 0; i < rows.Length; i++)
            rows[i] = new QuickRow(Plain[i], address);
        rows[0x20] = new QuickRow(place: 0, growth: 1);
        rows[0x21] = new QuickRow(place: -1, growth: -1);
        rows[0x22] = new QuickRow(place: -1, growth: 0);
        return rows;
    }
}
