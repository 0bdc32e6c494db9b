using Weld.Base;
using static Weld.Wasm.Validation.OperatorTable;

namespace Weld.Wasm.Validation;

/// <summary>What <see cref="QuickValidator"/> does for an instruction.</summary>
internal enum QuickKind : byte
{
    /// <summary>It is not in the loop, or is no instruction.</summary>
    Other,
    Unary,
    Binary,
    Load,
    Store,
    LocalGet,
    LocalSet,
    LocalTee,
    GlobalGet,
    GlobalSet,
    I32Const,
    I64Const,
    F32Const,
    F64Const,
    Block,
    Loop,
    If,
    Else,
    End,
    Branch,
    BranchIf,
    BranchTable,
    Return,
    Unreachable,
    Call,
    CallIndirect,
    Drop,
    Select,
}

/// <summary>What <see cref="QuickValidator"/> wants to know of an opcode of one byte.</summary>
/// <param name="Kind">What it does with the rest.</param>
/// <param name="Operand">The type of the operand, or of both; of a store the type of the value.</param>
/// <param name="Result">The type of the result.</param>
/// <param name="Limit">The largest alignment of memory instructions.</param>
internal readonly record struct QuickRow(QuickKind Kind, byte Operand, byte Result, byte Limit)
{
    /// <summary>The rows by opcode, in memory that does not move.</summary>
    public static QuickRow[] Table { get; } = Make();

    private static QuickRow[] Make()
    {
        QuickRow[] rows = GC.AllocateUninitializedArray<QuickRow>(Plain.Length, pinned: true);
        for (int i = 0; i < rows.Length; i++)
            rows[i] = Make((byte)i, Plain[i]);
        return rows;
    }

    private static QuickRow Make(byte opcode, OperatorShape shape)
    {
        (OperatorForm form, byte first, byte second, byte third, byte result, byte limit) = shape;
        return (form, first, second, third, result) switch
        {
            (OperatorForm.None, _, _, _, _) => new(KindOf(opcode), 0, 0, 0),
            (OperatorForm.Memory, A, 0, 0, not 0) => new(QuickKind.Load, A, result, limit),
            (OperatorForm.Memory, A, not 0, 0, 0) => new(QuickKind.Store, second, 0, limit),
            (OperatorForm.Plain, not 0, 0, 0, not 0) => new(QuickKind.Unary, first, result, 0),
            (OperatorForm.Plain, not 0, not 0, 0, not 0) when first == second => new(QuickKind.Binary, first, result, 0),
            _ => default,
        };
    }

    /// <summary>The instructions with rules of their own that are frequent.</summary>
    private static QuickKind KindOf(byte opcode) => opcode switch
    {
        0x00 => QuickKind.Unreachable,
        0x02 => QuickKind.Block,
        0x03 => QuickKind.Loop,
        0x04 => QuickKind.If,
        0x05 => QuickKind.Else,
        0x0b => QuickKind.End,
        0x0c => QuickKind.Branch,
        0x0d => QuickKind.BranchIf,
        0x0e => QuickKind.BranchTable,
        0x0f => QuickKind.Return,
        0x10 => QuickKind.Call,
        0x11 => QuickKind.CallIndirect,
        0x1a => QuickKind.Drop,
        0x1b => QuickKind.Select,
        0x20 => QuickKind.LocalGet,
        0x21 => QuickKind.LocalSet,
        0x22 => QuickKind.LocalTee,
        0x23 => QuickKind.GlobalGet,
        0x24 => QuickKind.GlobalSet,
        0x41 => QuickKind.I32Const,
        0x42 => QuickKind.I64Const,
        0x43 => QuickKind.F32Const,
        0x44 => QuickKind.F64Const,
        _ => QuickKind.Other,
    };
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
