using System.Runtime.InteropServices;
using Weld.Base;
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

    private static QuickRow[]? Rows32;
    private static QuickRow[]? Rows64;

    /// <summary>The rows by opcode, in memory that does not move.</summary>
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
