using System.Runtime.InteropServices;
using Weld.Base;
using static Weld.Wasm.Validation.OperatorTable;

namespace Weld.Wasm.Validation;

/// <summary>A row of <see cref="Plain"/> in the form that <see cref="QuickValidator"/> applies without branches: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct QuickRow
{
    /// <summary>The type of the last operand, and which of its bits are to be compared: none without operands.</summary>
    public byte Top;
    public byte TopMask;

    /// <summary>The same for the operand before it.</summary>
    public byte Second;
    public byte SecondMask;

    /// <summary>How many operands there are.</summary>
    public byte Pops;

    /// <summary>How many results there are: none or one, of type <see cref="Result"/>.</summary>
    public byte Pushes;
    public byte Result;

    /// <summary>The largest alignment of memory instructions.</summary>
    public byte Limit;

    private static QuickRow[]? Rows32;
    private static QuickRow[]? Rows64;

    /// <summary>The rows by opcode, in memory that does not move. What is no instruction, or one with rules of its own, has operands that never match.</summary>
    public static QuickRow[] Table(bool is64) => is64 ? Rows64 ??= Make(L) : Rows32 ??= Make(I);

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
        if (form is not (OperatorForm.Plain or OperatorForm.Memory) || third != 0)
            return new QuickRow { TopMask = 0xff, Pops = 1 };
        byte deepest = first == A ? address : first;
        byte top = second != 0 ? second : deepest;
        byte below = second != 0 ? deepest : (byte)0;
        return new QuickRow
        {
            Top = top,
            TopMask = MaskOf(top),
            Second = below,
            SecondMask = MaskOf(below),
            Pops = (byte)((top != 0 ? 1 : 0) + (below != 0 ? 1 : 0)),
            Pushes = (byte)(result != 0 ? 1 : 0),
            Result = result,
            Limit = limit,
        };
    }

    private static byte MaskOf(byte type) => type != 0 ? (byte)0xff : (byte)0;
}

/// <summary>The types of a function in the form that <see cref="QuickValidator"/> compares with the top of the stack at once.</summary>
internal readonly unsafe struct QuickType
{
    /// <summary>The last eight parameters as they lie on the stack, the last one highest.</summary>
    public readonly ulong LastParameters;

    /// <summary>Which bits of these count.</summary>
    public readonly ulong Mask;

    public readonly Utf8String Parameters;

    /// <summary>The type of the result; 0 for none.</summary>
    public readonly byte Result;

    /// <summary>How many results there are.</summary>
    public readonly int ResultCount;

    public QuickType(FunctionShape shape)
    {
        Parameters = shape.Parameters;
        ResultCount = shape.Results.Length;
        Result = ResultCount == 0 ? (byte)0 : shape.Results.Bytes[0];
        foreach (byte type in Parameters.Bytes)
        {
            LastParameters = LastParameters >> 8 | (ulong)type << 56;
            Mask = Mask >> 8 | 0xffUL << 56;
        }
    }

    public static QuickType[] Table(FunctionShape[] shapes)
    {
        var types = new QuickType[shapes.Length];
        for (int i = 0; i < types.Length; i++)
            types[i] = new QuickType(shapes[i]);
        return types;
    }
}
